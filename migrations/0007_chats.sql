ALTER TABLE `plans` ADD `chat_id` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `turn` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `plans` ADD `without` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `plans_chat` ON `plans` (`workspace_id`,`chat_id`,`turn`);