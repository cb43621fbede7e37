ALTER TABLE `connections` ADD `policy` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `chat_id` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `turn` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `plans` ADD `without` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `plans_chat` ON `plans` (`workspace_id`,`chat_id`,`turn`);
--> statement-breakpoint
DROP TRIGGER `revisions_connection`;
--> statement-breakpoint
CREATE TRIGGER `revisions_connection` AFTER UPDATE OF
  `slug`, `base_url`, `status`, `auth`, `credential`, `auth_status`, `auth_problem`, `origins`, `spec_version_id`, `policy`
ON `connections` BEGIN
  INSERT INTO `revisions` VALUES (new.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
