-- Who is named together: every pair of people, organisations and places with the number of articles that name both.
-- A pair stands once, the smaller `entity_id` first.
SELECT
  a.entity_id,
  a.name,
  a.label,
  b.entity_id AS other_id,
  b.name AS other_name,
  b.label AS other_label,
  COUNT(*) AS articles
FROM {named} AS a
JOIN {named} AS b ON a.article_id = b.article_id AND a.entity_id < b.entity_id
WHERE a.label IN ('PERSON', 'ORG', 'GPE') AND b.label IN ('PERSON', 'ORG', 'GPE')
GROUP BY a.entity_id, a.name, a.label, b.entity_id, b.name, b.label
