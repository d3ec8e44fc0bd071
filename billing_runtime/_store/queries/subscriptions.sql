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

-- name: standing
-- How often anything about an entity was written: as long as this stays, nothing has changed; and whether it is a user or
-- an organization.
SELECT
    (
        SELECT sum(writes) FROM customer_fetch
        WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
    ) AS writes,
    (SELECT kind FROM entity WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id) AS kind;

-- name: customer_fetch
-- The newest fetch of all subscriptions of a customer.
SELECT entity_id, fetched_seq, fetched_at FROM customer_fetch
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id;

-- name: keep_customer_fetch
-- All subscriptions of a customer were fetched and written.
INSERT INTO customer_fetch (account, livemode, customer_id, entity_id, fetched_seq, fetched_at, writes)
VALUES (:account, :livemode, :customer_id, :entity_id, :fetched_seq, :fetched_at, 1)
ON CONFLICT (account, livemode, customer_id)
DO UPDATE SET entity_id = excluded.entity_id, fetched_seq = excluded.fetched_seq, fetched_at = excluded.fetched_at,
    writes = customer_fetch.writes + 1;

-- name: note_customer_write
-- Some subscriptions of a customer were written; perhaps not all of them.
INSERT INTO customer_fetch (account, livemode, customer_id, entity_id, fetched_seq, fetched_at, writes)
VALUES (:account, :livemode, :customer_id, :entity_id, 0, :fetched_at, 1)
ON CONFLICT (account, livemode, customer_id)
DO UPDATE SET entity_id = excluded.entity_id, writes = customer_fetch.writes + 1;

-- name: keep_subscription
-- Keep one subscription, unless what is there was asked for later.
INSERT INTO subscription (account, livemode, subscription_id, customer_id, entity_id, status, body, fetched_seq)
VALUES (:account, :livemode, :subscription_id, :customer_id, :entity_id, :status, :body, :fetched_seq)
ON CONFLICT (account, livemode, subscription_id)
DO UPDATE SET customer_id = excluded.customer_id, entity_id = excluded.entity_id, status = excluded.status,
    body = excluded.body, fetched_seq = excluded.fetched_seq
WHERE subscription.fetched_seq < excluded.fetched_seq;

-- name: drop_older_subscriptions
-- What a newer answer about all subscriptions of a customer does not name is gone.
DELETE FROM subscription
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id AND fetched_seq < :fetched_seq;

-- name: customers_not_seen_since
-- Customers whose subscriptions run as far as is known, and of whom some were not seen since a number was taken.
SELECT DISTINCT customer_id FROM subscription
WHERE account = :account AND livemode = :livemode AND fetched_seq < :fetched_seq AND customer_id > :after
  AND status NOT IN ('canceled', 'incomplete_expired')
ORDER BY customer_id LIMIT :most;

-- name: subscriptions_of_entity
-- Every subscription of an entity.
SELECT subscription_id, customer_id, entity_id, status, body, fetched_seq FROM subscription
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: subscriptions_of_customer
-- Every subscription of a customer.
SELECT subscription_id, customer_id, entity_id, status, body, fetched_seq FROM subscription
WHERE account = :account AND livemode = :livemode AND customer_id = :customer_id;
