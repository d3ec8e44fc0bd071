-- name: insert_events
-- Take events in, all of them in one statement; those that are known stay as they are, and are not answered.
INSERT INTO inbox (account, livemode, event_id, type, key, customer_id, object_id, details, created, received_at, state,
    attempts, due_at)
SELECT :account, :livemode, json_extract(value, '$.event_id'), json_extract(value, '$.type'),
    json_extract(value, '$.key'), json_extract(value, '$.customer_id'), json_extract(value, '$.object_id'),
    json_extract(value, '$.details'), json_extract(value, '$.created'), json_extract(value, '$.received_at'),
    json_extract(value, '$.state'), 0, json_extract(value, '$.due_at')
FROM json_each(:events) WHERE true
ON CONFLICT (account, livemode, event_id) DO NOTHING
RETURNING event_id;

-- name: due_keys
-- Whose events are due and nobody's work, the longest waiting first.
SELECT key, min(due_at) AS due FROM inbox
WHERE account = :account AND livemode = :livemode AND due_at <= :now
  AND NOT EXISTS (
    SELECT 1 FROM lease
    WHERE lease.account = inbox.account AND lease.livemode = inbox.livemode AND lease.name = 'inbox/' || inbox.key
      AND lease.until > :now
  )
GROUP BY key ORDER BY due, key LIMIT :most;

-- name: due_events
-- The events of one key that are due, in the order in which they happened as far as Stripe says.
SELECT event_id, type, key, customer_id, object_id, details, created, received_at, state, attempts, problem FROM inbox
WHERE account = :account AND livemode = :livemode AND key = :key AND due_at <= :now
ORDER BY created, event_id LIMIT :most;

-- name: next_due
-- When something is to be done next.
SELECT min(due_at) AS due FROM inbox
WHERE account = :account AND livemode = :livemode AND due_at IS NOT NULL;

-- name: set_event
-- What became of an event.
UPDATE inbox SET state = :state, attempts = :attempts, due_at = :due_at, problem = :problem
WHERE account = :account AND livemode = :livemode AND event_id = :event_id AND state IN ('pending', 'applied');

-- name: replay_event
-- Work on an event again, from the beginning.
UPDATE inbox SET state = 'pending', attempts = 0, due_at = :now, problem = NULL
WHERE account = :account AND livemode = :livemode AND event_id = :event_id;

-- name: replay_aside
-- Work on every event of a type that was put aside.
UPDATE inbox SET state = 'pending', attempts = 0, due_at = :now, problem = NULL
WHERE account = :account AND livemode = :livemode AND state = :state AND type = :type;

-- name: aside_types
-- Which types of events were put aside.
SELECT DISTINCT type FROM inbox
WHERE account = :account AND livemode = :livemode AND state = :state;

-- name: find_event
-- One event.
SELECT event_id, type, key, customer_id, object_id, details, created, received_at, state, attempts, problem FROM inbox
WHERE account = :account AND livemode = :livemode AND event_id = :event_id;

-- name: events_aside
-- Events that were put aside, newest first.
SELECT event_id, type, key, customer_id, object_id, details, created, received_at, state, attempts, problem FROM inbox
WHERE account = :account AND livemode = :livemode AND state = :state
ORDER BY received_at DESC, event_id LIMIT :most;

-- name: events_waiting
-- Events that are still to be worked on, the longest waiting first.
SELECT event_id, type, key, customer_id, object_id, details, created, received_at, state, attempts, problem FROM inbox
WHERE account = :account AND livemode = :livemode AND due_at IS NOT NULL
ORDER BY received_at, event_id LIMIT :most;

-- name: inbox_lag
-- How much is still to be done, and since when.
SELECT count(*) AS waiting, min(received_at) AS oldest, coalesce(sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0) AS failing
FROM inbox
WHERE account = :account AND livemode = :livemode AND due_at IS NOT NULL;

-- name: count_aside
-- How many events were put aside.
SELECT count(*) AS number FROM inbox
WHERE account = :account AND livemode = :livemode AND state = :state;

-- name: take_lease
-- Begin work that nobody else is at; the holder may go on.
INSERT INTO lease (account, livemode, name, holder, until)
VALUES (:account, :livemode, :name, :holder, :until)
ON CONFLICT (account, livemode, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.until <= :now OR lease.holder = excluded.holder;

-- name: end_lease
-- Let others go on.
DELETE FROM lease
WHERE account = :account AND livemode = :livemode AND name = :name AND holder = :holder;

-- name: keep_fact
-- Keep what Stripe said about an object, unless what is there was asked for later.
INSERT INTO fact (account, livemode, kind, object_id, customer_id, entity_id, body, fetched_seq)
VALUES (:account, :livemode, :kind, :object_id, :customer_id, :entity_id, :body, :fetched_seq)
ON CONFLICT (account, livemode, kind, object_id)
DO UPDATE SET customer_id = excluded.customer_id, entity_id = excluded.entity_id, body = excluded.body,
    fetched_seq = excluded.fetched_seq
WHERE fact.fetched_seq < excluded.fetched_seq;

-- name: facts_of_entity
-- What Stripe said about an entity's objects of one kind.
SELECT kind, object_id, customer_id, entity_id, body FROM fact
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND kind = :kind
ORDER BY object_id;

-- name: find_fact
-- What Stripe said about one object.
SELECT kind, object_id, customer_id, entity_id, body FROM fact
WHERE account = :account AND livemode = :livemode AND kind = :kind AND object_id = :object_id;

-- name: begin_chore
-- Take on a chore that is due; it is due again later, whatever becomes of it.
INSERT INTO chore (account, livemode, name, due_at, progress)
VALUES (:account, :livemode, :name, :due_at, '')
ON CONFLICT (account, livemode, name) DO UPDATE SET due_at = excluded.due_at
WHERE chore.due_at <= :now;

-- name: chore_progress
-- How far a chore has come.
SELECT progress FROM chore
WHERE account = :account AND livemode = :livemode AND name = :name;

-- name: keep_progress
-- Note how far a chore has come.
INSERT INTO chore (account, livemode, name, due_at, progress)
VALUES (:account, :livemode, :name, 0, :progress)
ON CONFLICT (account, livemode, name) DO UPDATE SET progress = excluded.progress;

-- name: postpone_chore
-- A chore is due again at another time.
UPDATE chore SET due_at = :due_at
WHERE account = :account AND livemode = :livemode AND name = :name;
