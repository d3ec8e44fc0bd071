-- Everything that is kept about one entity: `export_…` shows it, `erase_…` removes it, one of each for every table.

-- name: export_entity
-- Rows of the table entity.
SELECT kind, customer_id FROM entity
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_entity
-- Remove them.
DELETE FROM entity
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_claim
-- Rows of the table claim.
SELECT subject, request, claimed_at, object_id FROM claim
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_claim
-- Remove them.
DELETE FROM claim
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_subscription
-- Rows of the table subscription.
SELECT subscription_id, customer_id, status, body, fetched_seq FROM subscription
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_subscription
-- Remove them.
DELETE FROM subscription
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_customer_fetch
-- Rows of the table customer_fetch.
SELECT customer_id, fetched_seq, fetched_at, writes FROM customer_fetch
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_customer_fetch
-- Remove them.
DELETE FROM customer_fetch
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_purchase
-- Rows of the table purchase.
SELECT session_id, mode, prices, status, payment_status, created_at FROM purchase
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_purchase
-- Remove them.
DELETE FROM purchase
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_trial
-- Rows of the table trial.
SELECT plan_group, subscription_id, started_at FROM trial
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_trial
-- Remove them.
DELETE FROM trial
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_duplicate
-- Rows of the table duplicate.
SELECT subscription_id, kept_id, plan_group, policy, state, found_at FROM duplicate
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_duplicate
-- Remove them.
DELETE FROM duplicate
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_seat_target
-- Rows of the table seat_target.
SELECT counted, bought, bought_price, version, done_version, writes, due_at, attempts, failure FROM seat_target
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_seat_target
-- Remove them.
DELETE FROM seat_target
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_seat_holder
-- Rows of the table seat_holder.
SELECT holder_id, state, since, expires_at FROM seat_holder
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_seat_holder
-- Remove them.
DELETE FROM seat_holder
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_seat_event
-- Rows of the table seat_event.
SELECT number, at, what, holder_id FROM seat_event
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_seat_event
-- Remove them.
DELETE FROM seat_event
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_seat_write
-- Rows of the table seat_write.
SELECT token, begun_at FROM seat_write
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_seat_write
-- Remove them.
DELETE FROM seat_write
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_fact
-- Rows of the table fact.
SELECT kind, object_id, customer_id, body, fetched_seq FROM fact
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_fact
-- Remove them.
DELETE FROM fact
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_counter
-- Rows of the table counter.
SELECT name, member_id, per, window_start, window_end, used, paid, held, total, paid_total, granted, reached, since, epoch,
    sweep_at, key, terms, credits, members, details FROM counter
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_counter
-- Remove them.
DELETE FROM counter
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_counter_window
-- Rows of the table counter_window.
SELECT name, member_id, per, window_start, window_end, used, paid, total, paid_total, granted, since, epoch, moved,
    details FROM counter_window
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_counter_window
-- Remove them.
DELETE FROM counter_window
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_member_limit
-- Rows of the table member_limit.
SELECT name, member_id, included, per FROM member_limit
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_member_limit
-- Remove them.
DELETE FROM member_limit
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_usage_notice
-- Rows of the table usage_notice.
SELECT name, member_id, per, window_start, percent, window_end, usage, granted, at, due_at, attempts, problem
FROM usage_notice
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_usage_notice
-- Remove them.
DELETE FROM usage_notice
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_decision
-- Rows of the table decision.
SELECT receipt, request, state, at, expires_at, parts, ending FROM decision
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_decision
-- Remove them.
DELETE FROM decision
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_usage_day
-- Rows of the table usage_day.
SELECT name, day, member_id, action, amount FROM usage_day
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_usage_day
-- Remove them.
DELETE FROM usage_day
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_credit_grant
-- Rows of the table credit_grant.
SELECT grant_id, name, source, request, payment, priority, starts_at, expires_at, created_at, units, units_left, owed, taken,
    lapsed, revoked FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_credit_grant
-- Remove them.
DELETE FROM credit_grant
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_credit_entry
-- Rows of the table credit_entry.
SELECT entry_id, grant_id, kind, units, receipt, at FROM credit_entry
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_credit_entry
-- Remove them.
DELETE FROM credit_entry
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_outbox
-- Rows of the table outbox.
SELECT meter, period_start, period_end, slice, part, at, amount, value, state, due_at, attempts, done, undone, generation,
    identifier, customer_id, tried_at, sent_at, problem FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_outbox
-- Remove them.
DELETE FROM outbox
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_usage_correction
-- Rows of the table usage_correction.
SELECT correction_id, meter, period_start, period_end, units, told, reason, at, settled_at FROM usage_correction
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_usage_correction
-- Remove them.
DELETE FROM usage_correction
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_auto_top_up
-- Rows of the table auto_top_up.
SELECT name, below, price, quantity, cost, most, most_cost, stopped FROM auto_top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_auto_top_up
-- Remove them.
DELETE FROM auto_top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: export_top_up
-- Rows of the table top_up.
SELECT top_up_id, name, price, quantity, cost, state, made_at, due_at, attempts, invoice_id, failure FROM top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;

-- name: erase_top_up
-- Remove them.
DELETE FROM top_up
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id;
