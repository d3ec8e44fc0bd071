-- name: load_counters
-- Counters by entity, name and member.
SELECT counter.entity_id, counter.name, counter.member_id, per, window_start, window_end, used, paid, held, total, granted,
    key, terms, credits, details
FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) JOIN counter
ON account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND name = wanted.value->>1
    AND member_id = wanted.value->>2;

-- name: load_decisions
-- Decisions by entity and idempotency key.
SELECT decision.receipt, decision.entity_id, idempotency_key, request, state, at, expires_at, parts, ending
FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) JOIN decision
ON account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND idempotency_key = wanted.value->>1;

-- name: load_usage_days
-- Days' use by entity, name, day, member and action.
SELECT usage_day.entity_id, usage_day.name, usage_day.day, usage_day.member_id, usage_day.action, amount
FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) JOIN usage_day
ON account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND name = wanted.value->>1
    AND day = CAST(wanted.value->>2 AS bigint) AND member_id = wanted.value->>3 AND action = wanted.value->>4;

-- name: load_outbox
-- The newest part of the usage of a slice.
SELECT outbox.entity_id, outbox.meter, outbox.period_start, outbox.slice, part, period_end, at, amount, outbox.value, state
FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) JOIN outbox
ON account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND meter = wanted.value->>1
    AND period_start = CAST(wanted.value->>2 AS bigint) AND slice = CAST(wanted.value->>3 AS bigint)
    AND part = (SELECT max(part) FROM outbox AS later
        WHERE later.account = :account AND later.livemode = :livemode AND later.entity_id = outbox.entity_id
          AND later.meter = outbox.meter AND later.period_start = outbox.period_start AND later.slice = outbox.slice);

-- name: standings
-- The same as `standing`, of several entities.
SELECT
    wanted.value AS entity_id,
    (
        SELECT CAST(sum(writes) AS bigint) FROM customer_fetch
        WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value
    ) AS writes,
    (SELECT kind FROM entity WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value) AS kind
FROM json_array_elements_text(CAST(:keys AS json)) AS wanted(value);
