-- People in the news per day (UTC): in how many articles, how often, and how they are spoken of.
SELECT day, entity_id, name, COUNT(*) AS articles, SUM(mention_count) AS mentions, AVG(sentiment) AS sentiment
FROM {named}
WHERE label = 'PERSON'
GROUP BY day, entity_id, name
