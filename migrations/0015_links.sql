CREATE TABLE `link_consumers` (
	`workspace_id` text NOT NULL,
	`noun` text NOT NULL,
	`key` text NOT NULL,
	`connection_id` text NOT NULL,
	`endpoint_id` text NOT NULL,
	`slot` text NOT NULL,
	`types` text NOT NULL,
	`format` text,
	`required` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `noun`, `key`, `connection_id`, `endpoint_id`, `slot`)
);
--> statement-breakpoint
CREATE INDEX `link_consumers_connection` ON `link_consumers` (`workspace_id`,`connection_id`);--> statement-breakpoint
CREATE TABLE `link_graphs` (
	`workspace_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`revision` integer NOT NULL,
	`rules` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `connection_id`)
);
--> statement-breakpoint
CREATE INDEX `link_graphs_rules` ON `link_graphs` (`rules`);--> statement-breakpoint
CREATE TABLE `link_producers` (
	`workspace_id` text NOT NULL,
	`noun` text NOT NULL,
	`key` text NOT NULL,
	`connection_id` text NOT NULL,
	`endpoint_id` text NOT NULL,
	`path` text NOT NULL,
	`types` text NOT NULL,
	`format` text,
	`reason` text NOT NULL,
	`cost` real NOT NULL,
	PRIMARY KEY(`workspace_id`, `noun`, `key`, `connection_id`, `endpoint_id`)
);
--> statement-breakpoint
CREATE INDEX `link_producers_endpoint` ON `link_producers` (`workspace_id`,`connection_id`,`endpoint_id`);--> statement-breakpoint
-- APIs that are connected already get their graphs as those do whose rules have changed.
INSERT INTO `link_graphs` SELECT `workspace_id`, `id`, 0, 0 FROM `connections` WHERE `status` <> 'DRAFT';
