-- Every file of the dump: what became of its records.
SELECT source_file, SUM(articles) AS articles, SUM(copies) AS copies, SUM(rejects) AS rejects
FROM (
  SELECT source_file, COUNT(*) AS articles, SUM(CASE WHEN duplicate IS NULL THEN 0 ELSE 1 END) AS copies, 0 AS rejects
  FROM articles
  GROUP BY source_file
  UNION ALL
  SELECT source_file, 0 AS articles, 0 AS copies, COUNT(*) AS rejects
  FROM rejects
  GROUP BY source_file
) AS both_sides
GROUP BY source_file
