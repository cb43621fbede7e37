-- `POST /lists` and what ends with a filter or a count were taken for reads, which run without asking. What an operation's
-- id says to list, search, find or count still reads, and so does what somebody said does.
UPDATE `endpoints` SET `effect` = 'create'
WHERE `method` = 'POST' AND `effect` = 'read' AND NOT `effect_edited` AND NOT `manual`
  AND (
    `path` GLOB '*lists' OR `path` GLOB '*[-_]list' OR `path` GLOB '*filters' OR `path` GLOB '*[-_]filter' OR
    `path` GLOB '*Filter' OR `path` GLOB '*counts' OR `path` GLOB '*[-_]count' OR `path` GLOB '*queries' OR
    `path` GLOB '*searches' OR `path` GLOB '*lookups' OR `path` GLOB '*previews'
  )
  AND `path` NOT GLOB '*:batchGet*' AND `path` NOT GLOB '*:get*' AND `path` NOT GLOB '*/get[A-Z_-]*'
  AND NOT coalesce(
    lower(`operation_id`) GLOB 'list[^s]*' OR lower(`operation_id`) GLOB 'search*' OR lower(`operation_id`) GLOB 'find*' OR
    lower(`operation_id`) GLOB 'count[^s]*' OR lower(`operation_id`) GLOB 'query*' OR lower(`operation_id`) GLOB 'lookup*',
    0
  );
