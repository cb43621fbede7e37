-- What the triggers below keep is explained at `revisions` in src/runs/tables.ts.
CREATE TABLE `revisions` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL
);

--> statement-breakpoint
CREATE TRIGGER `revisions_workflow_version` AFTER UPDATE OF `current_version` ON `workflows` BEGIN
  INSERT INTO `revisions` VALUES (new.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_workflow_delete` AFTER DELETE ON `workflows` BEGIN
  INSERT INTO `revisions` VALUES (old.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_connection` AFTER UPDATE OF
  `slug`, `base_url`, `status`, `auth`, `credential`, `auth_status`, `auth_problem`, `origins`, `spec_version_id`
ON `connections` BEGIN
  INSERT INTO `revisions` VALUES (new.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_connection_delete` AFTER DELETE ON `connections` BEGIN
  INSERT INTO `revisions` VALUES (old.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_endpoint` AFTER UPDATE ON `endpoints`
WHEN new.manual OR old.manual
  OR old.hash IS NOT new.hash OR old.effect IS NOT new.effect OR old.server IS NOT new.server
BEGIN
  INSERT INTO `revisions` VALUES (new.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_endpoint_delete` AFTER DELETE ON `endpoints` BEGIN
  INSERT INTO `revisions` VALUES (old.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_limits` AFTER UPDATE ON `run_limits` BEGIN
  INSERT INTO `revisions` VALUES (new.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `revisions_limits_insert` AFTER INSERT ON `run_limits` BEGIN
  INSERT INTO `revisions` VALUES (new.workspace_id, 1) ON CONFLICT (`workspace_id`) DO UPDATE SET `revision` = `revision` + 1;
END;
