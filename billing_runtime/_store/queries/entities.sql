-- name: entity
-- What an entity is, and its Stripe customer.
SELECT kind, customer_id FROM entity
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: bind_customer
-- Remember the Stripe customer of an entity; the first one stays.
INSERT INTO entity (account, livemode, entity_id, kind, customer_id)
VALUES (:account, :livemode, :entity_id, :kind, :customer_id)
ON CONFLICT (account, livemode, entity_id) DO NOTHING;

-- name: insert_claim
-- Claim the making of an object; an earlier claim stays.
INSERT INTO claim (account, livemode, entity_id, subject, idempotency_key, request, claimed_at)
VALUES (:account, :livemode, :entity_id, :subject, :idempotency_key, :request, :claimed_at)
ON CONFLICT (account, livemode, entity_id, subject) DO NOTHING;

-- name: read_claim
-- The claim that holds.
SELECT idempotency_key, request, claimed_at, object_id FROM claim
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND subject = :subject;

-- name: settle_claim
-- The object was made.
UPDATE claim SET object_id = :object_id, request = ''
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND subject = :subject
  AND idempotency_key = :idempotency_key;

-- name: drop_claim
-- Nothing was made, or what was made is gone: the next call starts afresh.
DELETE FROM claim
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND subject = :subject
  AND idempotency_key = :idempotency_key;

-- name: rebind_customer
-- Put a new Stripe customer in the place of one that is gone; another one stays.
UPDATE entity SET customer_id = :customer_id
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND customer_id = :gone;

-- name: customer_id
-- The Stripe customer of an entity.
SELECT customer_id FROM entity
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;
