-- Outlets: articles, how many of them are copies of another's, the days that they span and their tone.
SELECT
  a.source,
  COUNT(*) AS articles,
  SUM(CASE WHEN a.duplicate IS NULL THEN 0 ELSE 1 END) AS copies,
  MIN(a.published_at) AS first_published,
  MAX(a.published_at) AS last_published,
  AVG(a.char_count) AS mean_length,
  AVG(c.sentiment) AS sentiment
FROM articles AS a
JOIN articles AS c ON c.article_id = a.canonical_id
GROUP BY a.source
