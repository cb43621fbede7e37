CREATE TABLE `ingestions` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`status` text NOT NULL,
	`source` text NOT NULL,
	`input` text,
	`requested_by` text NOT NULL,
	`request_id` text NOT NULL,
	`bytes` integer,
	`operations` integer,
	`indexed` integer DEFAULT 0 NOT NULL,
	`error` text,
	`created_at` text NOT NULL,
	`ended_at` text,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `ingestions_connection` ON `ingestions` (`workspace_id`,`connection_id`,`id`);--> statement-breakpoint
CREATE TABLE `affected_workflows` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`spec_version_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`operation` text NOT NULL,
	`breaking` integer NOT NULL,
	`message` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `affected_workflows_workspace` ON `affected_workflows` (`workspace_id`,`workflow_id`);--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`user_id` text,
	`kind` text NOT NULL,
	`resource` text NOT NULL,
	`message` text NOT NULL,
	`created_at` text NOT NULL,
	`read_at` text
);
--> statement-breakpoint
CREATE INDEX `notices_workspace` ON `notices` (`workspace_id`,`id`);--> statement-breakpoint
CREATE TABLE `oauth_flows` (
	`state_hash` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`user_id` text NOT NULL,
	`session_bound` integer NOT NULL,
	`secrets` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `oauth_flows_expiry` ON `oauth_flows` (`expires_at`);--> statement-breakpoint
CREATE TABLE `data_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`provider` text NOT NULL,
	`kek_id` text NOT NULL,
	`wrapped` text NOT NULL,
	`created_at` text NOT NULL,
	`rewrapped_at` text
);
--> statement-breakpoint
CREATE INDEX `data_keys_workspace` ON `data_keys` (`workspace_id`,`id`);--> statement-breakpoint
ALTER TABLE `endpoints` ADD `security` text;--> statement-breakpoint
ALTER TABLE `endpoints` ADD `server` text;--> statement-breakpoint
ALTER TABLE `endpoints` ADD `pagination` text;--> statement-breakpoint
ALTER TABLE `endpoints` ADD `hash` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `endpoints` ADD `active` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `endpoints` ADD `manual` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `endpoints` ADD `effect_edited` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `connections` ADD `auth_status` text DEFAULT 'ready' NOT NULL;--> statement-breakpoint
ALTER TABLE `connections` ADD `auth_problem` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `account` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `origins` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `connections` ADD `source` text DEFAULT 'url' NOT NULL;--> statement-breakpoint
ALTER TABLE `spec_versions` ADD `skipped` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `spec_versions` ADD `security_schemes` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `spec_versions` ADD `changes` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `spec_versions` ADD `breaking` integer DEFAULT false NOT NULL;