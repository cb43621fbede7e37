CREATE TABLE `batch_items` (
	`batch_id` text NOT NULL,
	`index` integer NOT NULL,
	`workspace_id` text NOT NULL,
	`line` integer NOT NULL,
	`input` text,
	`run_id` text NOT NULL,
	`status` text NOT NULL,
	`tries` integer NOT NULL,
	`claimed_at` integer,
	`ended_at` text,
	`error` text,
	PRIMARY KEY(`batch_id`, `index`),
	FOREIGN KEY (`batch_id`) REFERENCES `batches`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `batch_items_status` ON `batch_items` (`batch_id`,`status`,`index`);--> statement-breakpoint
CREATE UNIQUE INDEX `batch_items_run` ON `batch_items` (`run_id`);--> statement-breakpoint
CREATE TABLE `batches` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`workflow_version` integer NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`concurrency` integer NOT NULL,
	`total` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`finished_at` text
);
--> statement-breakpoint
CREATE INDEX `batches_workspace` ON `batches` (`workspace_id`,`id`);--> statement-breakpoint
CREATE INDEX `batches_status` ON `batches` (`status`,`id`);--> statement-breakpoint
CREATE TABLE `hook_deliveries` (
	`hook_id` text NOT NULL,
	`message_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`run_id` text NOT NULL,
	`received_at` text NOT NULL,
	PRIMARY KEY(`hook_id`, `message_id`),
	FOREIGN KEY (`hook_id`) REFERENCES `hooks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `hook_deliveries_age` ON `hook_deliveries` (`received_at`);--> statement-breakpoint
CREATE TABLE `hooks` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`name` text,
	`signature` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_until` text,
	`input` text,
	`headers` text NOT NULL,
	`requests_per_minute` integer NOT NULL,
	`enabled` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	FOREIGN KEY (`workflow_id`) REFERENCES `workflows`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `hooks_workflow` ON `hooks` (`workspace_id`,`workflow_id`,`id`);--> statement-breakpoint
CREATE TABLE `schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`name` text,
	`cron` text NOT NULL,
	`time_zone` text NOT NULL,
	`input` text NOT NULL,
	`enabled` integer NOT NULL,
	`next_run_at` integer,
	`last_due_at` integer,
	`last_run_id` text,
	`last_error` text,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	FOREIGN KEY (`workflow_id`) REFERENCES `workflows`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `schedules_workflow` ON `schedules` (`workspace_id`,`workflow_id`,`id`);--> statement-breakpoint
CREATE INDEX `schedules_due` ON `schedules` (`enabled`,`next_run_at`);