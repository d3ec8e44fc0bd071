-- name: claim_lanes
-- Begin to tell usage of some entities and meters that is due and nobody is at, the longest waiting first; their names.
INSERT INTO lease (account, livemode, name, holder, until)
SELECT :account, :livemode, 'outbox/' || json_array(lane.entity_id, lane.meter), :holder, :until
FROM (
    SELECT DISTINCT due.entity_id, due.meter FROM (
        SELECT outbox.entity_id, outbox.meter FROM outbox
        WHERE outbox.account = :account AND outbox.livemode = :livemode AND outbox.due_at <= :now
          AND (CAST(:entity_id AS text) IS NULL OR outbox.entity_id = :entity_id)
          AND NOT EXISTS (
            SELECT 1 FROM lease
            WHERE lease.account = :account AND lease.livemode = :livemode AND lease.until > :now
              AND lease.name = 'outbox/' || json_array(outbox.entity_id, outbox.meter)
          )
        ORDER BY outbox.due_at LIMIT :most_rows
    ) AS due
    LIMIT :most
) AS lane
WHERE true
ON CONFLICT (account, livemode, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.until <= :now
RETURNING name;

-- name: lane_rows
-- What is to be told of some entities and meters, in its order, with the customer; `lanes` is a JSON list of such pairs.
SELECT outbox.entity_id, outbox.meter, period_start, period_end, slice, part, at, amount, outbox.value, state, due_at,
    attempts, done, undone, generation, identifier, outbox.customer_id, tried_at, sent_at, problem,
    entity.customer_id AS owner
FROM json_each(:lanes) AS wanted CROSS JOIN outbox
ON outbox.account = :account AND outbox.livemode = :livemode AND outbox.entity_id = json_extract(wanted.value, '$[0]')
    AND outbox.meter = json_extract(wanted.value, '$[1]')
LEFT JOIN entity
ON entity.account = :account AND entity.livemode = :livemode AND entity.entity_id = outbox.entity_id
WHERE outbox.due_at IS NOT NULL AND (outbox.due_at <= :now OR outbox.state <> 'open')
ORDER BY outbox.entity_id, outbox.meter, period_start, slice, part LIMIT :most;

-- name: newest_told
-- The newest row of a meter, from a slice up to another one, that Stripe was told of, or is about to be.
SELECT slice, part FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice >= :first AND slice <= :last AND state IN ('sealed', 'doubted', 'sent')
ORDER BY slice DESC, part DESC LIMIT 1;

-- name: keep_told
-- What has become of a row; one that is told, or given up, stays so.
UPDATE outbox SET at = :at, amount = :amount, state = :state, due_at = :due_at, attempts = :attempts, done = :done,
    undone = :undone, generation = :generation, identifier = :identifier, customer_id = :customer_id, tried_at = :tried_at,
    sent_at = :sent_at, problem = :problem
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice = :slice AND part = :part AND state IN ('open', 'sealed', 'doubted');

-- name: hasten_outbox
-- Tell at once what waits for the end of its slice: of one entity, or of all.
UPDATE outbox SET due_at = :now
WHERE account = :account AND livemode = :livemode AND (CAST(:entity_id AS text) IS NULL OR entity_id = :entity_id)
  AND due_at > :now AND state = 'open' AND problem IS NULL;

-- name: wake_outbox
-- Tell what waited for an entity's customer.
UPDATE outbox SET due_at = slice, problem = NULL
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND due_at IS NOT NULL AND state = 'open'
  AND problem IS NOT NULL;

-- name: outbox_lag
-- How much is waiting, how much of it failed before or has no customer, and since when the oldest waits to be told.
SELECT count(*) AS waiting, coalesce(sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0) AS failing,
    coalesce(sum(CASE WHEN problem IN (:no_customer, :gone_customer) THEN 1 ELSE 0 END), 0) AS without_customer,
    min(CASE WHEN problem IN (:no_customer, :gone_customer) THEN NULL ELSE slice END) AS oldest,
    min(CASE WHEN problem IN (:no_customer, :gone_customer) THEN NULL ELSE due_at END) AS due
FROM outbox
WHERE account = :account AND livemode = :livemode AND due_at IS NOT NULL
  AND (CAST(:entity_id AS text) IS NULL OR entity_id = :entity_id);

-- name: count_dead_usage
-- How much was given up.
SELECT count(*) AS number FROM outbox
WHERE account = :account AND livemode = :livemode AND state = 'dead'
  AND (CAST(:entity_id AS text) IS NULL OR entity_id = :entity_id);

-- name: dead_usage
-- What was given up, oldest first.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND state = 'dead'
  AND (CAST(:entity_id AS text) IS NULL OR entity_id = :entity_id)
ORDER BY meter, at, entity_id LIMIT :most;

-- name: find_dead_usage
-- One row that was given up.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND identifier = :identifier AND state = 'dead';

-- name: dead_of_period
-- What was given up of a billing period, newest first.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND state = 'dead'
ORDER BY slice DESC, part DESC;

-- name: change_dead_usage
-- What was given up has become less, or is tried again.
UPDATE outbox SET at = :at, amount = :amount, state = :state, due_at = :due_at, attempts = :attempts, done = :done,
    undone = :undone, generation = :generation, identifier = :identifier, customer_id = :customer_id, tried_at = :tried_at,
    sent_at = :sent_at, problem = :problem
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice = :slice AND part = :part AND state = 'dead';

-- name: told_units
-- Units of a billing period that were told one by one and not taken back, newest first; of one slice, or of all.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice >= :first AND slice <= :last AND state = 'sent' AND done > undone
ORDER BY slice DESC, part DESC;

-- name: keep_taken_back
-- So many of the units of a row were taken back.
UPDATE outbox SET undone = :undone
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice = :slice AND part = :part AND state = 'sent';

-- name: told_between
-- What was told, or may have been, with times from one up to another one.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter AND at >= :start
  AND at < :until AND state IN ('sealed', 'doubted', 'sent');

-- name: add_usage_correction
-- An invoice is not right; once for every row.
INSERT INTO usage_correction (account, livemode, correction_id, entity_id, meter, period_start, period_end, units, told,
    reason, at)
VALUES (:account, :livemode, :correction_id, :entity_id, :meter, :period_start, :period_end, :units, :told, :reason, :at)
ON CONFLICT (account, livemode, correction_id) DO NOTHING;

-- name: usage_corrections
-- What is still to be put right, oldest first.
SELECT correction_id, entity_id, meter, period_start, period_end, units, told, reason, at FROM usage_correction
WHERE account = :account AND livemode = :livemode AND settled_at IS NULL
  AND (CAST(:entity_id AS text) IS NULL OR entity_id = :entity_id)
ORDER BY at, correction_id;

-- name: settle_usage_correction
-- It was put right.
UPDATE usage_correction SET settled_at = :now
WHERE account = :account AND livemode = :livemode AND correction_id = :correction_id AND settled_at IS NULL;

-- name: told_under
-- The row that Stripe was told of under an identifier.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND identifier = :identifier AND state IN ('sealed', 'doubted', 'sent');

-- name: take_up_told
-- Something told turned out not to count, or may not: it is worked on again.
UPDATE outbox SET at = :at, amount = :amount, state = :state, due_at = :due_at, attempts = :attempts, done = :done,
    undone = :undone, generation = :generation, identifier = :identifier, customer_id = :customer_id, tried_at = :tried_at,
    sent_at = :sent_at, problem = :problem
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice = :slice AND part = :part AND state IN ('sealed', 'doubted', 'sent');

-- name: told_at
-- What Stripe was told in a stretch of time: of one meter, or of all.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND sent_at >= :start AND sent_at <= :until AND state = 'sent'
  AND identifier IS NOT NULL AND (CAST(:meter AS text) IS NULL OR meter = :meter);

-- name: reported_periods
-- Entities, meters and billing periods of which there is any usage, in their order.
SELECT DISTINCT outbox.entity_id, outbox.meter, period_start, period_end, entity.customer_id AS owner FROM outbox
LEFT JOIN entity
ON entity.account = :account AND entity.livemode = :livemode AND entity.entity_id = outbox.entity_id
WHERE outbox.account = :account AND outbox.livemode = :livemode
  AND (CAST(:entity_id AS text) IS NULL OR outbox.entity_id = :entity_id)
ORDER BY outbox.entity_id, outbox.meter, period_start;

-- name: rows_of_period
-- Everything of an entity, meter and billing period, in its order.
SELECT entity_id, meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone,
    generation, identifier, customer_id, tried_at, sent_at, problem
FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start
ORDER BY slice, part;

-- name: corrections_of_period
-- Units of a billing period that Stripe was not told of any more.
SELECT units FROM usage_correction
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND told = 0;

-- name: periods_told_long_ago
-- Billing periods with many rows that were told before a moment.
SELECT entity_id, meter, period_start, period_end FROM outbox
WHERE account = :account AND livemode = :livemode AND sent_at IS NOT NULL AND sent_at < :before AND state = 'sent'
  AND generation >= 0
GROUP BY entity_id, meter, period_start, period_end HAVING count(*) > :few
ORDER BY entity_id, meter, period_start LIMIT :most;

-- name: fold_told
-- A row stands for others that were told long ago as well, which its generation says.
UPDATE outbox SET amount = :amount, done = :done, undone = 0, identifier = NULL, generation = -1
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice = :slice AND part = :part AND state = 'sent';

-- name: drop_folded
-- Another row stands for it.
DELETE FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND meter = :meter
  AND period_start = :period_start AND slice = :slice AND part = :part AND state = 'sent';

-- name: drop_old_usage
-- Usage of billing periods that ended before a moment, some at a time.
DELETE FROM outbox WHERE account = :account AND livemode = :livemode AND sent_at IS NOT NULL AND sent_at < :before
  AND period_end < :before AND state IN ('sent', 'dropped');
