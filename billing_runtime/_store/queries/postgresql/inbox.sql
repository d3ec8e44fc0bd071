-- name: insert_events
-- Take events in, all of them in one statement; those that are known stay as they are, and are not answered.
INSERT INTO inbox (account, livemode, event_id, type, key, customer_id, object_id, details, created, received_at, state,
    attempts, due_at)
SELECT CAST(:account AS text), CAST(:livemode AS bigint), event_id, type, key, customer_id, object_id, details, created,
    received_at, state, 0, due_at
FROM json_to_recordset(CAST(:events AS json)) AS event (event_id text, type text, key text, customer_id text,
    object_id text, details text, created bigint, received_at bigint, state text, due_at bigint)
ON CONFLICT (account, livemode, event_id) DO NOTHING
RETURNING event_id;
