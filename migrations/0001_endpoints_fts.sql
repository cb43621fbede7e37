-- The full-text index over the endpoints; see src/catalog/fts.ts for what each column holds.
CREATE VIRTUAL TABLE `endpoints_fts` USING fts5(
  `scope`, `path`, `name`, `summary`, `description`, `parameters`, `response`, `tags`,
  tokenize = 'porter unicode61 remove_diacritics 2'
);
--> statement-breakpoint
CREATE TRIGGER `endpoints_fts_delete` AFTER DELETE ON `endpoints` BEGIN
  DELETE FROM `endpoints_fts` WHERE rowid = old.rowid;
END;
