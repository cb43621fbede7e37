CREATE TABLE `usage_days` (
	`workspace_id` text NOT NULL,
	`day` text NOT NULL,
	`source` text NOT NULL,
	`requests` integer NOT NULL,
	`units` integer NOT NULL,
	`last_used_at` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `source`, `day`)
);
--> statement-breakpoint
CREATE TABLE `workspace_limits` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`tier` text NOT NULL,
	`requests_per_minute` integer,
	`requests_per_day` integer,
	`requests_per_month` integer,
	`revision` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `api_keys` ADD `requests_per_day` integer;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `allowed_ips` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `previous_hash` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `previous_until` text;--> statement-breakpoint
CREATE INDEX `api_keys_previous` ON `api_keys` (`previous_hash`);