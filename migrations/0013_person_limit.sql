ALTER TABLE `users` ADD `requests_per_minute` integer;--> statement-breakpoint
CREATE INDEX `workflows_list` ON `workflows` (`workspace_id`,`listed`,`id`);