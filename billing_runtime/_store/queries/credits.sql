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

-- name: credit_names
-- Of what an entity ever had credits.
SELECT DISTINCT name FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY name;

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

-- name: find_auto_top_up
-- How an entity buys credits of a name automatically.
SELECT entity_id, name, below, price, quantity, cost, most, most_cost, stopped FROM auto_top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name;

-- name: auto_top_ups_of
-- Everything that an entity buys automatically.
SELECT entity_id, name, below, price, quantity, cost, most, most_cost, stopped FROM auto_top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY name;

-- name: keep_auto_top_up
-- Buy automatically from now on, or otherwise than before.
INSERT INTO auto_top_up (account, livemode, entity_id, name, below, price, quantity, cost, most, most_cost, stopped)
VALUES (:account, :livemode, :entity_id, :name, :below, :price, :quantity, :cost, :most, :most_cost, NULL)
ON CONFLICT (account, livemode, entity_id, name)
DO UPDATE SET below = excluded.below, price = excluded.price, quantity = excluded.quantity, cost = excluded.cost,
    most = excluded.most, most_cost = excluded.most_cost, stopped = NULL;

-- name: stop_auto_top_up
-- Buy nothing more.
UPDATE auto_top_up SET stopped = :stopped
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND stopped IS NULL;

-- name: add_top_up
-- Credits are to be bought.
INSERT INTO top_up (account, livemode, top_up_id, entity_id, name, price, quantity, cost, state, made_at, due_at, attempts)
VALUES (:account, :livemode, :top_up_id, :entity_id, :name, :price, :quantity, :cost, 'pending', :now, :now, 0);

-- name: newest_top_up
-- What an entity has bought of a name automatically the last time.
SELECT * FROM top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name
ORDER BY made_at DESC, top_up_id DESC LIMIT 1;

-- name: pending_top_up
-- What an entity is buying of a name.
SELECT * FROM top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND state = 'pending';

-- name: top_ups_since
-- How many times an entity has bought since a moment, and for how much.
SELECT count(*) AS number, coalesce(sum(cost), 0) AS cost FROM top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND made_at >= :since
    AND state <> 'failed';

-- name: due_top_ups
-- What is to be bought, the longest waiting first.
SELECT * FROM top_up
WHERE account = :account AND livemode = :livemode AND due_at <= :now
ORDER BY due_at, top_up_id LIMIT :most;

-- name: find_top_up
-- One of them.
SELECT * FROM top_up
WHERE account = :account AND livemode = :livemode AND top_up_id = :top_up_id;

-- name: set_top_up
-- What has become of it, unless it is over.
UPDATE top_up SET state = :state, due_at = :due_at, attempts = :attempts, invoice_id = :invoice_id, failure = :failure
WHERE account = :account AND livemode = :livemode AND top_up_id = :top_up_id AND state = 'pending';

-- name: top_up_is_due
-- Look at it at once.
UPDATE top_up SET due_at = :now
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND state = 'pending';

-- name: top_up_was_paid
-- Its invoice was paid.
UPDATE top_up SET state = 'paid', due_at = NULL, invoice_id = :invoice_id, failure = NULL, cost = :cost
WHERE account = :account AND livemode = :livemode AND top_up_id = :top_up_id AND entity_id = :entity_id
    AND state <> 'paid';
