-- name: seat_target
-- What is wanted of an entity's seats.
SELECT entity_id, counted, bought, bought_price, version, done_version, writes, due_at, attempts, failure
FROM seat_target WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: begin_seat_target
-- Begin to keep an entity's seats.
INSERT INTO seat_target
    (account, livemode, entity_id, counted, bought, bought_price, version, done_version, writes, due_at, attempts, failure)
VALUES (:account, :livemode, :entity_id, NULL, NULL, NULL, 0, 0, 0, NULL, 0, NULL)
ON CONFLICT (account, livemode, entity_id) DO NOTHING;

-- name: change_seat_target
-- Something else is wanted: a first change sets the time, later ones keep it, so that a burst is one update.
UPDATE seat_target
SET counted = :counted, version = version + 1, attempts = 0, failure = NULL,
    due_at = CASE WHEN due_at IS NOT NULL AND due_at < :due_at AND failure IS NULL THEN due_at ELSE :due_at END
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: want_bought_seats
-- Another number of purchased seats is wanted.
UPDATE seat_target SET bought = :bought, bought_price = :bought_price
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: seats_are_done
-- Stripe has what was wanted; nothing happens if something else is wanted by now.
UPDATE seat_target
SET done_version = version, due_at = NULL, attempts = 0, failure = NULL, bought = NULL, bought_price = NULL
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND version = :version;

-- name: seats_have_failed
-- Stripe could not be told; nothing happens if something else is wanted by now.
UPDATE seat_target SET attempts = attempts + 1, failure = :failure, due_at = :due_at
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND version = :version;

-- name: forget_bought_seats
-- A purchase was refused: it is no longer wanted.
UPDATE seat_target SET bought = NULL, bought_price = NULL
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND version = :version;

-- name: count_seat_write
-- Number a write, so that no two writes share an idempotency key.
UPDATE seat_target SET writes = writes + 1
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
RETURNING writes;

-- name: due_seats
-- Whose time has come.
SELECT entity_id FROM seat_target
WHERE account = :account AND livemode = :livemode AND due_at IS NOT NULL AND due_at <= :now
ORDER BY due_at LIMIT :most;

-- name: seat_targets_after
-- Every entity whose seats are kept, page by page.
SELECT entity_id FROM seat_target
WHERE account = :account AND livemode = :livemode AND entity_id > :after
ORDER BY entity_id LIMIT :most;

-- name: seat_holders
-- Members and invitations of an entity, oldest first.
SELECT holder_id, state, since, expires_at FROM seat_holder
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY since, holder_id;

-- name: count_seat_members
-- How many members there are.
SELECT count(*) AS number FROM seat_holder
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND state = 'member';

-- name: take_seat
-- Somebody takes a seat, or keeps the one he has.
INSERT INTO seat_holder (account, livemode, entity_id, holder_id, state, since, expires_at)
VALUES (:account, :livemode, :entity_id, :holder_id, :state, :since, :expires_at)
ON CONFLICT (account, livemode, entity_id, holder_id, state) DO NOTHING;

-- name: prolong_invitation
-- An invitation that is made again ends later.
UPDATE seat_holder SET expires_at = :expires_at
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND holder_id = :holder_id
  AND state = 'invited';

-- name: leave_seat
-- Somebody gives a seat back.
DELETE FROM seat_holder
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND holder_id = :holder_id
  AND state = :state;

-- name: drop_expired_invitations
-- Invitations that nobody took in time keep no seat.
DELETE FROM seat_holder
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND state = 'invited' AND expires_at <= :now;

-- name: note_seat_event
-- What happened to the seats, in order.
INSERT INTO seat_event (account, livemode, entity_id, number, at, what, holder_id)
SELECT :account, :livemode, :entity_id, coalesce(max(number), 0) + 1, :at, :what, :holder_id FROM seat_event
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: seat_events
-- The history of an entity's seats.
SELECT number, at, what, holder_id FROM seat_event
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY number;

-- name: paid_seats
-- What the period of an item has paid for.
SELECT period_start, quantity, invoice_day, invoices FROM seat_paid
WHERE account = :account AND livemode = :livemode AND item_id = :item_id;

-- name: keep_paid_seats
-- Keep what the period of an item has paid for.
INSERT INTO seat_paid (account, livemode, item_id, period_start, quantity, invoice_day, invoices)
VALUES (:account, :livemode, :item_id, :period_start, :quantity, :invoice_day, :invoices)
ON CONFLICT (account, livemode, item_id)
DO UPDATE SET period_start = excluded.period_start, quantity = excluded.quantity,
    invoice_day = excluded.invoice_day, invoices = excluded.invoices;

-- name: begin_seat_write
-- Somebody is about to write to Stripe.
INSERT INTO seat_write (account, livemode, entity_id, token, begun_at)
VALUES (:account, :livemode, :entity_id, :token, :begun_at)
ON CONFLICT (account, livemode, entity_id, token) DO NOTHING;

-- name: end_seat_write
-- He has seen that Stripe has what is wanted.
DELETE FROM seat_write
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND token = :token;

-- name: abandoned_seat_writes
-- Writers of whom nothing was heard for long.
SELECT DISTINCT entity_id FROM seat_write
WHERE account = :account AND livemode = :livemode AND begun_at <= :before
ORDER BY entity_id LIMIT :most;

-- name: drop_abandoned_seat_writes
-- What they left was looked at.
DELETE FROM seat_write
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND begun_at <= :before;
