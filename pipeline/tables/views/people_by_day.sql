-- People in the news per day (UTC): in how many articles, how often, and how they are spoken of.
-- `sentiment_count` is the number of mentions behind the sentiment, `sentiment_error` its standard error over the articles:
-- what lies within two of it isn't told apart.
SELECT
  day,
  name,
  COUNT(*) AS articles,
  SUM(mention_count) AS mentions,
  AVG(sentiment) AS sentiment,
  SUM(sentiment_count) AS sentiment_count,
  SQRT((VAR_POP(sentiment) + AVG(sentiment_error * sentiment_error)) / NULLIF(COUNT(sentiment), 0)) AS sentiment_error,
  identity_id
FROM {named}
WHERE label = 'PERSON'
GROUP BY day, identity_id, name
