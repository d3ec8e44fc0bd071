-- name: usage_days_of_name
-- A page of the days of one name, in their order, after a place.
SELECT day, member_id, action, amount FROM usage_day
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name
  AND day <= :last AND (day, member_id, action) > (:day, :member_id, :action)
ORDER BY day, member_id, action LIMIT :most;

-- name: usage_names_of_entity
-- The names of which an entity ever used something.
SELECT DISTINCT name FROM usage_day
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY name;

-- name: usage_told
-- Usage of a meter in a stretch of time, by what has become of it; what Stripe will not take is left out.
SELECT slice, part, at, state, amount, value FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND at >= :start AND at < :until AND state NOT IN ('dead', 'dropped');
