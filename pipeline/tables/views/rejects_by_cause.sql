-- Rejects by cause, with one to look at: the place of one that has the cause.
SELECT
  stage,
  reason,
  retryable,
  COUNT(*) AS rejects,
  COUNT(DISTINCT source_file) AS files,
  SUM(payload_size) AS bytes,
  MIN(source_file) AS first_file,
  MIN(message) AS first_message
FROM rejects
GROUP BY stage, reason, retryable
