-- name: next_number
-- The next number of a sequence.
INSERT INTO sequence (account, livemode, name, value)
VALUES (:account, :livemode, :name, 1)
ON CONFLICT (account, livemode, name) DO UPDATE SET value = sequence.value + 1
RETURNING value;

-- name: entity_of_customer
-- The entity that has this Stripe customer.
SELECT entity_id FROM entity
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id;

-- name: newest_fetch_of_entity
-- The number of the newest answer about an entity: as long as it stays, nothing has changed.
SELECT max(fetched_seq) AS newest FROM customer_fetch
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: customer_fetch
-- The answer that is kept for a customer.
SELECT entity_id, fetched_seq, fetched_at FROM customer_fetch
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id;

-- name: keep_customer_fetch
-- Keep the number of a newer answer; nothing is changed by an older one.
INSERT INTO customer_fetch (account, livemode, customer_id, entity_id, fetched_seq, fetched_at)
VALUES (:account, :livemode, :customer_id, :entity_id, :fetched_seq, :fetched_at)
ON CONFLICT (account, livemode, customer_id)
DO UPDATE SET entity_id = excluded.entity_id, fetched_seq = excluded.fetched_seq, fetched_at = excluded.fetched_at
WHERE customer_fetch.fetched_seq < excluded.fetched_seq;

-- name: drop_subscriptions
-- Make room for a newer answer about a customer.
DELETE FROM subscription
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id;

-- name: insert_subscription
-- Keep one subscription of an answer.
INSERT INTO subscription (account, livemode, subscription_id, customer_id, entity_id, status, body, fetched_seq)
VALUES (:account, :livemode, :subscription_id, :customer_id, :entity_id, :status, :body, :fetched_seq);

-- name: subscriptions_of_entity
-- Every subscription of an entity.
SELECT subscription_id, customer_id, entity_id, status, body, fetched_seq FROM subscription
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: subscriptions_of_customer
-- Every subscription of a customer.
SELECT subscription_id, customer_id, entity_id, status, body, fetched_seq FROM subscription
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id;
