-- Outlets side by side on one entity: how many of their articles name it, how often, how prominently and in what tone.
SELECT
  entity_id,
  name,
  label,
  source,
  COUNT(*) AS articles,
  SUM(mention_count) AS mentions,
  AVG(prominence) AS prominence,
  AVG(sentiment) AS sentiment
FROM {named}
WHERE source IS NOT NULL
GROUP BY entity_id, name, label, source
