-- Who is named together: every pair of people, organisations and places with the number of articles that name both.
-- A pair stands once, the smaller `identity_id` first.
SELECT
  a.name,
  a.label,
  b.name AS other_name,
  b.label AS other_label,
  COUNT(*) AS articles,
  a.identity_id,
  b.identity_id AS other_id
FROM {named} AS a
JOIN {named} AS b ON a.article_id = b.article_id AND a.identity_id < b.identity_id
WHERE a.label IN ('PERSON', 'ORG', 'GPE') AND b.label IN ('PERSON', 'ORG', 'GPE')
GROUP BY a.identity_id, a.name, a.label, b.identity_id, b.name, b.label
