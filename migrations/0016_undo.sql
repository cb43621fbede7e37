ALTER TABLE `runs` ADD `undoes` text;--> statement-breakpoint
CREATE INDEX `runs_undoes` ON `runs` (`undoes`) WHERE "runs"."undoes" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `runs_undone_once` ON `runs` (`undoes`) WHERE "runs"."undoes" is not null and "runs"."status" <> 'cancelled';