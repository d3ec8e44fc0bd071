-- One look-up for each key, whatever PostgreSQL knows of the tables' sizes (LIMIT keeps it from joining them whole).

-- name: load_counters
-- Counters by entity, name and member.
SELECT found.* FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) CROSS JOIN LATERAL (
    SELECT entity_id, name, member_id, per, window_start, window_end, used, paid, held, total, paid_total,
        granted, reached, since, epoch, sweep_at, key, terms, credits, members, details
    FROM counter
    WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND name = wanted.value->>1
      AND member_id = wanted.value->>2
    LIMIT 1) AS found;

-- name: load_decisions
-- Decisions by entity and idempotency key.
SELECT found.* FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) CROSS JOIN LATERAL (
    SELECT receipt, entity_id, idempotency_key, request, state, at, expires_at, parts, ending
    FROM decision
    WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value->>0
      AND idempotency_key = wanted.value->>1
    LIMIT 1) AS found;

-- name: load_usage_days
-- Days' use by entity, name, day, member and action.
SELECT found.* FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) CROSS JOIN LATERAL (
    SELECT entity_id, name, day, member_id, action, amount
    FROM usage_day
    WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND name = wanted.value->>1
      AND day = CAST(wanted.value->>2 AS bigint) AND member_id = wanted.value->>3 AND action = wanted.value->>4
    LIMIT 1) AS found;

-- name: load_outbox
-- The newest part of the usage of a slice.
SELECT found.* FROM json_array_elements(CAST(:keys AS json)) AS wanted(value) CROSS JOIN LATERAL (
    SELECT entity_id, meter, period_start, slice, part, period_end, at, amount, outbox.value, state
    FROM outbox
    WHERE account = :account AND livemode = :livemode AND entity_id = wanted.value->>0 AND meter = wanted.value->>1
      AND period_start = CAST(wanted.value->>2 AS bigint) AND slice = CAST(wanted.value->>3 AS bigint)
    ORDER BY part DESC LIMIT 1) AS found;

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
