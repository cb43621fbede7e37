ALTER TABLE `hooks` ADD `last_event_at` text;--> statement-breakpoint
ALTER TABLE `hooks` ADD `last_run_id` text;--> statement-breakpoint
ALTER TABLE `hooks` ADD `last_error` text;