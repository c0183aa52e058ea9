-- The timeline of every entity of any kind, by day (UTC).
SELECT
  entity_id,
  name,
  label,
  day,
  COUNT(*) AS articles,
  SUM(mention_count) AS mentions,
  AVG(prominence) AS prominence,
  AVG(sentiment) AS sentiment
FROM {named}
GROUP BY entity_id, name, label, day
