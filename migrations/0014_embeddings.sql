CREATE TABLE `embeddings` (
	`endpoint_id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`hash` text NOT NULL,
	`model` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `embeddings_connection` ON `embeddings` (`workspace_id`,`connection_id`);