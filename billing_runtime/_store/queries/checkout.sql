-- name: trial
-- The trial that an entity had in a group of plans.
SELECT subscription_id, started_at FROM trial
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND plan_group = :plan_group;

-- name: note_trial
-- Remember a trial; the first one stays.
INSERT INTO trial (account, livemode, entity_id, plan_group, subscription_id, started_at)
VALUES (:account, :livemode, :entity_id, :plan_group, :subscription_id, :started_at)
ON CONFLICT (account, livemode, entity_id, plan_group) DO NOTHING;

-- name: keep_purchase
-- What a checkout page has come to. What is complete stays so, and what is paid stays paid, whichever answer comes last.
INSERT INTO purchase (account, livemode, session_id, entity_id, mode, prices, status, payment_status, created_at)
VALUES (:account, :livemode, :session_id, :entity_id, :mode, :prices, :status, :payment_status, :created_at)
ON CONFLICT (account, livemode, session_id) DO UPDATE SET
    status = CASE WHEN purchase.status = 'open' THEN excluded.status ELSE purchase.status END,
    payment_status = CASE WHEN purchase.payment_status = 'unpaid' THEN excluded.payment_status
                          ELSE purchase.payment_status END;

-- name: purchases_of_entity
-- Everything an entity bought on checkout pages, the oldest first.
SELECT session_id, entity_id, mode, prices, status, payment_status, created_at FROM purchase
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY created_at, session_id;

-- name: note_duplicate
-- A second subscription was found; what is known of it stays.
INSERT INTO duplicate (account, livemode, subscription_id, kept_id, entity_id, plan_group, policy, state, found_at)
VALUES (:account, :livemode, :subscription_id, :kept_id, :entity_id, :plan_group, :policy, 'found', :found_at)
ON CONFLICT (account, livemode, subscription_id) DO NOTHING;

-- name: settle_duplicate
-- What has become of it.
UPDATE duplicate SET state = :state
WHERE account = :account AND livemode = :livemode AND subscription_id = :subscription_id;

-- name: duplicates_of_entity
-- Second subscriptions of an entity, in the order they were found.
SELECT subscription_id, kept_id, entity_id, plan_group, policy, state, found_at FROM duplicate
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY found_at, subscription_id;

-- name: all_duplicates
-- Second subscriptions of every entity, in the order they were found.
SELECT subscription_id, kept_id, entity_id, plan_group, policy, state, found_at FROM duplicate
WHERE account = :account AND livemode = :livemode
ORDER BY found_at, subscription_id;
