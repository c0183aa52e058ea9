-- Outlets: articles, how many of them are copies of another's, the days that they span and their tone.
-- `sentiment_articles` have one; `sentiment_error` is the standard error of their mean, NULL where there are fewer than two.
SELECT
  a.outlet,
  COUNT(*) AS articles,
  SUM(CASE WHEN a.duplicate IS NULL THEN 0 ELSE 1 END) AS copies,
  MIN(a.published_at) AS first_published,
  MAX(a.published_at) AS last_published,
  AVG(a.char_count) AS mean_length,
  AVG(c.sentiment) AS sentiment,
  COUNT(c.sentiment) AS sentiment_articles,
  STDDEV_SAMP(c.sentiment) / SQRT(NULLIF(COUNT(c.sentiment), 0)) AS sentiment_error
FROM articles AS a
JOIN articles AS c ON c.article_id = a.canonical_id
GROUP BY a.outlet
