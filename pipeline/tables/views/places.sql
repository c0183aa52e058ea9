-- Places in the news, with the coordinates of cities and the codes of countries.
-- `sentiment_count` is the number of mentions behind the sentiment, `sentiment_error` its standard error over the articles:
-- what lies within two of it isn't told apart.
SELECT n.name, p.country_code, p.latitude, p.longitude,
  COUNT(*) AS articles, SUM(n.mention_count) AS mentions,
  AVG(n.sentiment) AS sentiment,
  SUM(n.sentiment_count) AS sentiment_count,
  SQRT((VAR_POP(n.sentiment) + AVG(n.sentiment_error * n.sentiment_error)) / NULLIF(COUNT(n.sentiment), 0)) AS sentiment_error,
  n.identity_id
FROM {named} AS n
JOIN entity_names AS p ON p.entity_id = n.identity_id
WHERE n.label = 'GPE'
GROUP BY n.identity_id, n.name, p.country_code, p.latitude, p.longitude
