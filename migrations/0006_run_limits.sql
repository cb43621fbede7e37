CREATE TABLE `run_limits` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`max_steps` integer,
	`max_duration_ms` integer,
	`max_concurrency` integer,
	`max_data_bytes` integer
);
--> statement-breakpoint
CREATE INDEX `runs_open` ON `runs` (`workspace_id`) WHERE "runs"."status" = 'running';