-- name: open_grants
-- Credits of a name of which something is left, or owed.
SELECT * FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND units_left <> '0';

-- name: find_grant
-- One grant.
SELECT * FROM credit_grant
WHERE account = :account AND livemode = :livemode AND grant_id = :grant_id;

-- name: grant_of_source
-- The grant that was made for a source.
SELECT * FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND source = :source;

-- name: grants_of_name
-- Every grant of a name there ever was.
SELECT * FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name;

-- name: paid_grants
-- Every grant that was paid for.
SELECT * FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND payment IS NOT NULL;

-- name: ended_grants
-- Credits whose time is up and that are not booked out yet; what is owed has no end.
SELECT entity_id, name FROM credit_grant
WHERE account = :account AND livemode = :livemode AND units_left <> '0' AND units_left NOT LIKE '-%' AND expires_at <= :now
ORDER BY expires_at LIMIT :most;

-- name: keep_grant
-- A grant was made, or has changed.
INSERT INTO credit_grant (account, livemode, grant_id, entity_id, name, source, request, payment, priority, starts_at,
    expires_at, created_at, units, units_left, owed, taken, lapsed, revoked)
VALUES (:account, :livemode, :grant_id, :entity_id, :name, :source, :request, :payment, :priority, :starts_at,
    :expires_at, :created_at, :units, :units_left, :owed, :taken, :lapsed, :revoked)
ON CONFLICT (account, livemode, grant_id)
DO UPDATE SET units_left = excluded.units_left, owed = excluded.owed, taken = excluded.taken, lapsed = excluded.lapsed,
    revoked = excluded.revoked;

-- name: add_credit_entry
-- Something changed a grant.
INSERT INTO credit_entry (account, livemode, entry_id, entity_id, grant_id, kind, units, receipt, at)
VALUES (:account, :livemode, :entry_id, :entity_id, :grant_id, :kind, :units, :receipt, :at);

-- name: credit_entries
-- What changed an entity's grants, newest first; :name and :grant_id are empty for all of them.
SELECT entry_id, credit_entry.grant_id, name, source, kind, credit_entry.units, receipt, at
FROM credit_entry JOIN credit_grant
ON credit_grant.account = :account AND credit_grant.livemode = :livemode AND credit_grant.grant_id = credit_entry.grant_id
WHERE credit_entry.account = :account AND credit_entry.livemode = :livemode AND credit_entry.entity_id = :entity_id
    AND entry_id < :before AND :name IN ('', name) AND :grant_id IN ('', credit_entry.grant_id)
ORDER BY entry_id DESC LIMIT :most;
