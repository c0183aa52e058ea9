-- Every entity over all articles: in how many it is named, how often, where first and last, and how it is spoken of.
-- `sentiment` is the mean over articles.
SELECT
  entity_id,
  name,
  label,
  COUNT(*) AS articles,
  COUNT(DISTINCT source) AS outlets,
  SUM(mention_count) AS mentions,
  AVG(prominence) AS prominence,
  AVG(sentiment) AS sentiment,
  MIN(day) AS first_day,
  MAX(day) AS last_day
FROM {named}
GROUP BY entity_id, name, label
