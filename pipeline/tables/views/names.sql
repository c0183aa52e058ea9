-- Everybody and everything named, by identity, over all articles: in how many it is named, how often, where first and last, and how it is spoken of.
-- `sentiment` is the mean over articles, the shares are those of all mentions. `sentiment_count` is the number of mentions behind the sentiment, `sentiment_error` its standard error over the articles:
-- what lies within two of it isn't told apart.
SELECT
  name,
  label,
  COUNT(*) AS articles,
  COUNT(DISTINCT outlet) AS outlets,
  SUM(mention_count) AS mentions,
  AVG(prominence) AS prominence,
  AVG(sentiment) AS sentiment,
  SUM(sentiment_count) AS sentiment_count,
  SQRT((VAR_POP(sentiment) + AVG(sentiment_error * sentiment_error)) / NULLIF(COUNT(sentiment), 0)) AS sentiment_error,
  SUM(negative_share * sentiment_count) / NULLIF(SUM(sentiment_count), 0) AS negative_share,
  SUM(positive_share * sentiment_count) / NULLIF(SUM(sentiment_count), 0) AS positive_share,
  MIN(day) AS first_day,
  MAX(day) AS last_day,
  identity_id
FROM {named}
GROUP BY identity_id, name, label
