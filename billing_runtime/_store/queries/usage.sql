-- name: load_counters
-- Counters by entity, name and member; `keys` is a JSON list of such lists.
SELECT counter.entity_id, counter.name, counter.member_id, per, window_start, window_end, used, paid, held, total, paid_total,
    granted, reached, since, epoch, sweep_at, counter.key, terms, credits, members, details
FROM json_each(:keys) AS wanted CROSS JOIN counter
ON account = :account AND livemode = :livemode AND entity_id = json_extract(wanted.value, '$[0]')
    AND name = json_extract(wanted.value, '$[1]') AND member_id = json_extract(wanted.value, '$[2]');

-- name: counters_of_entity
-- Every counter of an entity.
SELECT name, member_id FROM counter
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY name, member_id;

-- name: keep_counter
-- What a counter has counted.
INSERT INTO counter (account, livemode, entity_id, name, member_id, per, window_start, window_end, used, paid, held, total,
    paid_total, granted, reached, since, epoch, sweep_at, key, terms, credits, members, details)
VALUES (:account, :livemode, :entity_id, :name, :member_id, :per, :window_start, :window_end, :used, :paid, :held, :total,
    :paid_total, :granted, :reached, :since, :epoch, :sweep_at, :key, :terms, :credits, :members, :details)
ON CONFLICT (account, livemode, entity_id, name, member_id)
DO UPDATE SET per = excluded.per, window_start = excluded.window_start, window_end = excluded.window_end,
    used = excluded.used, paid = excluded.paid, held = excluded.held, total = excluded.total,
    paid_total = excluded.paid_total, granted = excluded.granted, reached = excluded.reached, since = excluded.since,
    epoch = excluded.epoch, sweep_at = excluded.sweep_at, key = excluded.key, terms = excluded.terms,
    credits = excluded.credits, members = excluded.members, details = excluded.details;

-- name: find_counter_window
-- A window that is no longer open.
SELECT per, window_start, window_end, used, paid, total, paid_total, granted, since, epoch, moved, details
FROM counter_window
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name
  AND member_id = :member_id AND per = :per AND window_start = :window_start;

-- name: windows_of_counter
-- One window that is no longer open, and those that somebody may come back to.
SELECT per, window_start, window_end, used, paid, total, paid_total, granted, since, epoch, moved, details
FROM counter_window
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name
  AND member_id = :member_id
  AND ((per = :per AND window_start = :window_start) OR (moved = 1 AND (window_end IS NULL OR window_end > :now)));

-- name: keep_counter_window
-- A window is no longer open, or something was given back to it.
INSERT INTO counter_window (account, livemode, entity_id, name, member_id, per, window_start, window_end, used, paid, total,
    paid_total, granted, since, epoch, moved, details)
VALUES (:account, :livemode, :entity_id, :name, :member_id, :per, :window_start, :window_end, :used, :paid, :total,
    :paid_total, :granted, :since, :epoch, :moved, :details)
ON CONFLICT (account, livemode, entity_id, name, member_id, per, window_start)
DO UPDATE SET window_end = excluded.window_end, used = excluded.used, paid = excluded.paid, total = excluded.total,
    paid_total = excluded.paid_total, granted = excluded.granted, since = excluded.since, epoch = excluded.epoch,
    moved = excluded.moved, details = excluded.details;

-- name: load_decisions
-- Decisions by entity and idempotency key; `keys` is a JSON list of such pairs.
SELECT decision.receipt, decision.entity_id, idempotency_key, request, state, at, expires_at, parts, ending
FROM json_each(:keys) AS wanted CROSS JOIN decision
ON account = :account AND livemode = :livemode AND entity_id = json_extract(wanted.value, '$[0]')
    AND idempotency_key = json_extract(wanted.value, '$[1]');

-- name: find_decision
-- One decision.
SELECT receipt, entity_id, idempotency_key, request, state, at, expires_at, parts, ending FROM decision
WHERE account = :account AND livemode = :livemode AND receipt = :receipt;

-- name: expired_reservations
-- Reservations of an entity whose time is up, oldest first.
SELECT receipt, entity_id, idempotency_key, request, state, at, expires_at, parts, ending FROM decision
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND state = 'held' AND expires_at <= :now
ORDER BY expires_at, receipt;

-- name: next_expiry
-- When the next open reservation of an entity ends.
SELECT min(expires_at) AS expires_at FROM decision
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND state = 'held' AND expires_at > :now;

-- name: entities_with_expired
-- Entities that have reservations whose time is up, some of them.
SELECT DISTINCT entity_id FROM decision
WHERE account = :account AND livemode = :livemode AND state = 'held' AND expires_at <= :now
ORDER BY entity_id LIMIT :most;

-- name: add_decision
-- A decision that took something.
INSERT INTO decision (account, livemode, receipt, entity_id, idempotency_key, request, state, at, expires_at, parts, ending)
VALUES (:account, :livemode, :receipt, :entity_id, :idempotency_key, :request, :state, :at, :expires_at, :parts, :ending);

-- name: change_decision
-- A reservation came to its end, or something was given back.
UPDATE decision SET state = :state, expires_at = :expires_at, parts = :parts, ending = :ending
WHERE account = :account AND livemode = :livemode AND receipt = :receipt;

-- name: load_usage_days
-- Days' use by entity, name, day, member and action; `keys` is a JSON list of such lists.
SELECT usage_day.entity_id, usage_day.name, usage_day.day, usage_day.member_id, usage_day.action, amount
FROM json_each(:keys) AS wanted CROSS JOIN usage_day
ON account = :account AND livemode = :livemode AND entity_id = json_extract(wanted.value, '$[0]')
    AND name = json_extract(wanted.value, '$[1]') AND day = json_extract(wanted.value, '$[2]')
    AND member_id = json_extract(wanted.value, '$[3]') AND action = json_extract(wanted.value, '$[4]');

-- name: keep_usage_day
-- What was used on a day.
INSERT INTO usage_day (account, livemode, entity_id, name, day, member_id, action, amount)
VALUES (:account, :livemode, :entity_id, :name, :day, :member_id, :action, :amount)
ON CONFLICT (account, livemode, entity_id, name, day, member_id, action) DO UPDATE SET amount = excluded.amount;

-- name: load_outbox
-- The newest part of the usage of a slice; `keys` is a JSON list of entity, meter, period and slice.
SELECT outbox.entity_id, outbox.meter, outbox.period_start, outbox.slice, part, period_end, at, amount, outbox.value, state
FROM json_each(:keys) AS wanted CROSS JOIN outbox
ON account = :account AND livemode = :livemode AND entity_id = json_extract(wanted.value, '$[0]')
    AND meter = json_extract(wanted.value, '$[1]') AND period_start = json_extract(wanted.value, '$[2]')
    AND slice = json_extract(wanted.value, '$[3]')
    AND part = (SELECT max(part) FROM outbox AS later
        WHERE later.account = :account AND later.livemode = :livemode AND later.entity_id = outbox.entity_id
          AND later.meter = outbox.meter AND later.period_start = outbox.period_start AND later.slice = outbox.slice);

-- name: keep_outbox
-- Usage that Stripe has to be told of, as long as its row is open.
INSERT INTO outbox (account, livemode, entity_id, meter, period_start, period_end, slice, part, at, amount, value, state,
    due_at, attempts, done, undone, generation)
VALUES (:account, :livemode, :entity_id, :meter, :period_start, :period_end, :slice, :part, :at, :amount, :value, 'open',
    :due_at, 0, 0, 0, 0)
ON CONFLICT (account, livemode, entity_id, meter, period_start, slice, part)
DO UPDATE SET amount = excluded.amount, value = excluded.value, at = excluded.at;

-- name: standings
-- The same as `standing`, of several entities; `keys` is a JSON list of them.
SELECT
    wanted.value AS entity_id,
    (
        SELECT CAST(sum(writes) AS bigint) FROM customer_fetch
        WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value
    ) AS writes,
    (SELECT kind FROM entity WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value) AS kind
FROM json_each(:keys) AS wanted;

-- name: drop_old_decisions
-- Decisions before a receipt, some at a time; reservations that are open stay.
DELETE FROM decision WHERE account = :account AND livemode = :livemode AND receipt IN (
    SELECT receipt FROM decision
    WHERE account = :account AND livemode = :livemode AND receipt < :before AND state <> 'held'
    ORDER BY receipt LIMIT :most);

-- name: open_reservations
-- Reservations of an entity that were made for a request, and whose time is not up.
SELECT receipt, parts FROM decision
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND state = 'held' AND request = :request
  AND expires_at > :now
ORDER BY receipt;
