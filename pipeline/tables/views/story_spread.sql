-- How stories spread: every story that was printed more than once, in how many outlets, and in how many hours.
-- `hours` runs from the first to the last copy with a date.
SELECT
  s.title,
  s.outlet,
  s.published_at,
  COUNT(*) AS printed,
  COUNT(DISTINCT a.outlet) AS outlets,
  SUM(CASE WHEN a.duplicate = 'exact' THEN 1 ELSE 0 END) AS exact_copies,
  SUM(CASE WHEN a.duplicate = 'near' THEN 1 ELSE 0 END) AS near_copies,
  MIN(a.published_at) AS first_published,
  MAX(a.published_at) AS last_published,
  (EPOCH(MAX(a.published_at)) - EPOCH(MIN(a.published_at))) / 3600.0 AS hours,
  s.article_id AS canonical_id
FROM articles AS a
JOIN stories AS s ON s.article_id = a.canonical_id
GROUP BY s.article_id, s.title, s.outlet, s.published_at
HAVING COUNT(*) > 1
