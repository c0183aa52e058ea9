-- Languages: articles, copies among them, and how many were read for names and sentiment.
SELECT
  language,
  COUNT(*) AS articles,
  SUM(CASE WHEN duplicate IS NULL THEN 0 ELSE 1 END) AS copies,
  SUM(CASE WHEN sentence_count IS NULL THEN 0 ELSE 1 END) AS read_for_names,
  AVG(language_confidence) AS confidence
FROM articles
GROUP BY language
