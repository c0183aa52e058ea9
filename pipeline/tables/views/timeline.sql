-- The timeline of every entity of any kind, by day (UTC).
-- `sentiment_count` is the number of mentions behind the sentiment, `sentiment_error` its standard error over the articles:
-- what lies within two of it isn't told apart.
SELECT
  name,
  label,
  day,
  COUNT(*) AS articles,
  SUM(mention_count) AS mentions,
  AVG(prominence) AS prominence,
  AVG(sentiment) AS sentiment,
  SUM(sentiment_count) AS sentiment_count,
  SQRT((VAR_POP(sentiment) + AVG(sentiment_error * sentiment_error)) / NULLIF(COUNT(sentiment), 0)) AS sentiment_error,
  identity_id
FROM {named}
GROUP BY identity_id, name, label, day
