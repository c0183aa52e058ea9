-- Places in the news, with the coordinates of cities and the codes of countries.
SELECT n.entity_id, n.name, p.country_code, p.latitude, p.longitude,
  COUNT(*) AS articles, SUM(n.mention_count) AS mentions, AVG(n.sentiment) AS sentiment
FROM {named} AS n
JOIN entity_names AS p ON p.entity_id = n.entity_id
WHERE n.label = 'GPE'
GROUP BY n.entity_id, n.name, p.country_code, p.latitude, p.longitude
