-- name: add_usage_notice
-- Usage has passed a threshold. It is told once in a window, whatever becomes of the counter.
INSERT INTO usage_notice (account, livemode, entity_id, name, member_id, per, window_start, percent, window_end, usage,
    granted, at, due_at, attempts)
VALUES (:account, :livemode, :entity_id, :name, :member_id, :per, :window_start, :percent, :window_end, :usage,
    :granted, :at, :due_at, 0)
ON CONFLICT (account, livemode, entity_id, name, member_id, per, window_start, percent) DO NOTHING;

-- name: due_usage_notices
-- What is to be told now, the longest waiting first; of one window only the lowest, the others wait for it.
SELECT entity_id, name, member_id, per, window_start, percent, window_end, usage, granted, due_at, attempts
FROM usage_notice
WHERE account = :account AND livemode = :livemode AND due_at <= :now
  AND NOT EXISTS (
    SELECT 1 FROM usage_notice AS lower
    WHERE lower.account = :account AND lower.livemode = :livemode AND lower.entity_id = usage_notice.entity_id
      AND lower.name = usage_notice.name AND lower.member_id = usage_notice.member_id AND lower.per = usage_notice.per
      AND lower.window_start = usage_notice.window_start AND lower.percent < usage_notice.percent
      AND lower.due_at IS NOT NULL
  )
ORDER BY due_at, at, entity_id, name, member_id LIMIT :most;

-- name: claim_usage_notice
-- It is this worker's, unless another one was first.
UPDATE usage_notice SET due_at = :until
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND member_id = :member_id
  AND per = :per AND window_start = :window_start AND percent = :percent AND due_at = :due_at AND attempts = :attempts;

-- name: settle_usage_notice
-- It was told (due_at is null), or could not be.
UPDATE usage_notice SET due_at = :due_at, attempts = :attempts, problem = :problem
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND member_id = :member_id
  AND per = :per AND window_start = :window_start AND percent = :percent AND due_at IS NOT NULL;

-- name: drop_old_usage_notices
-- Windows that are long over, whether or not they were told.
DELETE FROM usage_notice WHERE account = :account AND livemode = :livemode AND window_end <= :before;

-- name: usage_notice_lag
-- How many thresholds are to be told, how many of them failed before, why one of them did, and when the oldest was passed.
SELECT count(*) AS waiting, coalesce(sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0) AS failing,
    max(problem) AS problem, min(at) AS oldest
FROM usage_notice
WHERE account = :account AND livemode = :livemode AND due_at IS NOT NULL;
