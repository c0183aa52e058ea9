-- Outlets side by side on one entity: how many of their articles name it, how often, how prominently and in what tone.
-- `sentiment_count` is the number of mentions behind the sentiment, `sentiment_error` its standard error over the articles:
-- what lies within two of it isn't told apart.
SELECT
  name,
  label,
  outlet,
  COUNT(*) AS articles,
  SUM(mention_count) AS mentions,
  AVG(prominence) AS prominence,
  AVG(sentiment) AS sentiment,
  SUM(sentiment_count) AS sentiment_count,
  SQRT((VAR_POP(sentiment) + AVG(sentiment_error * sentiment_error)) / NULLIF(COUNT(sentiment), 0)) AS sentiment_error,
  identity_id
FROM {named}
WHERE outlet IS NOT NULL
GROUP BY identity_id, name, label, outlet
