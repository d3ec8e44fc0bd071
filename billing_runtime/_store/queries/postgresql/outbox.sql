-- name: claim_lanes
-- Begin to tell usage of some entities and meters that is due and nobody is at; what another worker looks at is skipped.
WITH due AS MATERIALIZED (
    SELECT outbox.entity_id, outbox.meter FROM outbox
    WHERE outbox.account = :account AND outbox.livemode = :livemode AND outbox.due_at <= :now
      AND (CAST(:entity_id AS text) IS NULL OR outbox.entity_id = :entity_id)
      AND NOT EXISTS (
        SELECT 1 FROM lease
        WHERE lease.account = :account AND lease.livemode = :livemode AND lease.until > :now
          AND lease.name = 'outbox/' || json_build_array(outbox.entity_id, outbox.meter)
      )
    ORDER BY outbox.due_at LIMIT :most_rows
    FOR UPDATE OF outbox SKIP LOCKED
)
INSERT INTO lease (account, livemode, name, holder, until)
SELECT CAST(:account AS text), CAST(:livemode AS bigint), 'outbox/' || json_build_array(lane.entity_id, lane.meter),
    CAST(:holder AS text), CAST(:until AS bigint)
FROM (SELECT DISTINCT entity_id, meter FROM due ORDER BY entity_id, meter LIMIT :most) AS lane
ON CONFLICT (account, livemode, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.until <= :now
RETURNING name;

-- name: lane_rows
-- What is to be told of some entities and meters, in its order, with the customer.
SELECT outbox.entity_id, outbox.meter, period_start, period_end, slice, part, at, amount, outbox.value, state, due_at,
    attempts, done, undone, generation, identifier, outbox.customer_id, tried_at, sent_at, problem,
    entity.customer_id AS owner
FROM json_array_elements(CAST(:lanes AS json)) AS wanted(value) JOIN outbox
ON outbox.account = :account AND outbox.livemode = :livemode AND outbox.entity_id = wanted.value->>0
    AND outbox.meter = wanted.value->>1
LEFT JOIN entity
ON entity.account = :account AND entity.livemode = :livemode AND entity.entity_id = outbox.entity_id
WHERE outbox.due_at IS NOT NULL AND (outbox.due_at <= :now OR outbox.state <> 'open')
ORDER BY outbox.entity_id, outbox.meter, period_start, slice, part LIMIT :most;
