-- What was used, what may still be used, and what Stripe has to be told of it. Amounts are in plain digits.

-- One row per name and entity, and per member of it who has a limit (else member_id is ''): what the open window has
-- counted. `key` is what the window follows from, `terms` the plan it was last counted under, `granted` what that included
-- (null: no end), `reached` the highest threshold that usage has passed. `paid` is the part of `used` that carried units and
-- credits paid; `total` and `paid_total` are the same since the beginning. `epoch` orders the marks on them, `since` is the
-- window's. `held` is what open reservations hold, none of which ends before `sweep_at`. `credits` is 1 once
-- there were credits of this name, 2 more where a top-up is automatic; `members` is 1 once members had limits.
CREATE TABLE counter (
    account      TEXT    NOT NULL,
    livemode     INTEGER NOT NULL,
    entity_id    TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    member_id    TEXT    NOT NULL,
    per          TEXT    NOT NULL,
    window_start INTEGER NOT NULL,
    window_end   INTEGER,
    used         TEXT    NOT NULL,
    paid         TEXT    NOT NULL,
    held         TEXT    NOT NULL,
    total        TEXT    NOT NULL,
    paid_total   TEXT    NOT NULL,
    granted      INTEGER,
    reached      INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    sweep_at     INTEGER,
    key          TEXT    NOT NULL,
    terms        TEXT    NOT NULL,
    credits      INTEGER NOT NULL,
    members      INTEGER NOT NULL,
    details      TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, name, member_id)
);

-- Windows that ended, or that a change of plan left before their end (`moved`): somebody may come back to those.
CREATE TABLE counter_window (
    account      TEXT    NOT NULL,
    livemode     INTEGER NOT NULL,
    entity_id    TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    member_id    TEXT    NOT NULL,
    per          TEXT    NOT NULL,
    window_start INTEGER NOT NULL,
    window_end   INTEGER,
    used         TEXT    NOT NULL,
    paid         TEXT    NOT NULL,
    total        TEXT    NOT NULL,
    paid_total   TEXT    NOT NULL,
    granted      INTEGER,
    since        INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    moved        INTEGER NOT NULL,
    details      TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, name, member_id, per, window_start)
);

CREATE INDEX counter_window_moved ON counter_window (account, livemode, entity_id, name, member_id) WHERE moved = 1;

-- How much a member of an entity may use of a name (included null: no end to it); member_id '' is every member who has no
-- limit of his own.
CREATE TABLE member_limit (
    account   TEXT    NOT NULL,
    livemode  INTEGER NOT NULL,
    entity_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    member_id TEXT    NOT NULL,
    included  INTEGER,
    per       TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, name, member_id)
);

-- Thresholds that usage has reached, once per window; the application is told while `due_at` is set.
CREATE TABLE usage_notice (
    account      TEXT    NOT NULL,
    livemode     INTEGER NOT NULL,
    entity_id    TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    member_id    TEXT    NOT NULL,
    per          TEXT    NOT NULL,
    window_start INTEGER NOT NULL,
    percent      INTEGER NOT NULL,
    window_end   INTEGER,
    usage        TEXT    NOT NULL,
    granted      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    due_at       INTEGER,
    attempts     INTEGER NOT NULL,
    problem      TEXT,
    PRIMARY KEY (account, livemode, entity_id, name, member_id, per, window_start, percent)
);

CREATE INDEX usage_notice_due ON usage_notice (account, livemode, due_at) WHERE due_at IS NOT NULL;

-- Every decision that took something, by its receipt; receipts grow with time. `parts` is what was answered and where
-- the units came from, as far as they were not given back (JSON); `ending` is which commits and refunds were made (JSON).
-- state: done, held (a reservation that is open), committed, released, expired.
CREATE TABLE decision (
    account         TEXT    NOT NULL,
    livemode        INTEGER NOT NULL,
    receipt         TEXT    NOT NULL,
    entity_id       TEXT    NOT NULL,
    idempotency_key TEXT,
    request         TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    expires_at      INTEGER,
    parts           TEXT    NOT NULL,
    ending          TEXT,
    PRIMARY KEY (account, livemode, receipt)
);

CREATE UNIQUE INDEX decision_by_key ON decision (account, livemode, entity_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX decision_held ON decision (account, livemode, entity_id, expires_at) WHERE state = 'held';

-- What was used each day (UTC, its first second), what was given back taken off.
CREATE TABLE usage_day (
    account   TEXT    NOT NULL,
    livemode  INTEGER NOT NULL,
    entity_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    day       INTEGER NOT NULL,
    member_id TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    amount    TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, name, day, member_id, action)
);

-- Credits: units beyond what a plan includes. One row per source; `units_left` is the sum of the entries. `request` is what
-- was asked for, `payment` what was paid for it (JSON; null: nothing). `owed` is how much refunds and disputes take back,
-- `taken` how much of that was taken, `lapsed` what expired unused, `revoked` what was revoked (null: it is not).
CREATE TABLE credit_grant (
    account    TEXT    NOT NULL,
    livemode   INTEGER NOT NULL,
    grant_id   TEXT    NOT NULL,
    entity_id  TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    request    TEXT    NOT NULL,
    payment    TEXT,
    priority   INTEGER NOT NULL,
    starts_at  INTEGER NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    units      TEXT    NOT NULL,
    units_left TEXT    NOT NULL,
    owed       TEXT    NOT NULL,
    taken      TEXT    NOT NULL,
    lapsed     TEXT    NOT NULL,
    revoked    TEXT,
    PRIMARY KEY (account, livemode, grant_id)
);

CREATE UNIQUE INDEX credit_grant_by_source ON credit_grant (account, livemode, entity_id, name, source);
CREATE INDEX credit_grant_open ON credit_grant (account, livemode, entity_id, name) WHERE units_left <> '0';
CREATE INDEX credit_grant_paid ON credit_grant (account, livemode, entity_id) WHERE payment IS NOT NULL;
CREATE INDEX credit_grant_ending ON credit_grant (account, livemode, expires_at) WHERE units_left <> '0';

-- Every change of a grant, for ever: rows are added, never changed.
CREATE TABLE credit_entry (
    account   TEXT    NOT NULL,
    livemode  INTEGER NOT NULL,
    entry_id  TEXT    NOT NULL,
    entity_id TEXT    NOT NULL,
    grant_id  TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    units     TEXT    NOT NULL,
    receipt   TEXT,
    at        INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, entry_id)
);

CREATE INDEX credit_entry_by_entity ON credit_entry (account, livemode, entity_id, entry_id);

-- Who buys credits automatically: when less than `below` may still be used, so many of a price, which cost `cost` in minor
-- units, as long as neither so many (`most`) nor for so much (`most_cost`) were bought in the month. `stopped`: why no more.
CREATE TABLE auto_top_up (
    account   TEXT    NOT NULL,
    livemode  INTEGER NOT NULL,
    entity_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    below     TEXT    NOT NULL,
    price     TEXT    NOT NULL,
    quantity  INTEGER NOT NULL,
    cost      INTEGER NOT NULL,
    most      INTEGER,
    most_cost INTEGER,
    stopped   TEXT,
    PRIMARY KEY (account, livemode, entity_id, name)
);

-- What was bought so, or is being bought: of one entity and name one at a time. state: pending, paid, failed. `due_at` is
-- when it is tried (again), `failure` why it was not paid the last time.
CREATE TABLE top_up (
    account    TEXT    NOT NULL,
    livemode   INTEGER NOT NULL,
    top_up_id  TEXT    NOT NULL,
    entity_id  TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    price      TEXT    NOT NULL,
    quantity   INTEGER NOT NULL,
    cost       INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    due_at     INTEGER,
    attempts   INTEGER NOT NULL,
    invoice_id TEXT,
    failure    TEXT,
    PRIMARY KEY (account, livemode, top_up_id)
);

CREATE UNIQUE INDEX top_up_pending ON top_up (account, livemode, entity_id, name) WHERE state = 'pending';
CREATE INDEX top_up_due ON top_up (account, livemode, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX top_up_by_entity ON top_up (account, livemode, entity_id, name, made_at);

-- Usage on its way to Stripe. Usage of one entity, meter, billing period and slice of time is one row as long as it is
-- open; what comes after it was sealed is the next part. `amount` is what was used, less what was given back; `value` is
-- what is told of meters that take no amounts. state: open, sealed (to be sent, or being sent), doubted (to be looked for
-- at Stripe before it is sent again), sent, dead (given up, may be tried again), dropped (never to be told). `due_at` is null unless something is to be
-- done. `done` of its units were told one by one, `undone` of these taken back later. `tried_at` is when Stripe may have
-- heard of it first, `generation` how often it was made anew, under another identifier.
CREATE TABLE outbox (
    account      TEXT    NOT NULL,
    livemode     INTEGER NOT NULL,
    entity_id    TEXT    NOT NULL,
    meter        TEXT    NOT NULL,
    period_start INTEGER NOT NULL,
    period_end   INTEGER,
    slice        INTEGER NOT NULL,
    part         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    amount       TEXT    NOT NULL,
    value        TEXT,
    state        TEXT    NOT NULL,
    due_at       INTEGER,
    attempts     INTEGER NOT NULL,
    done         INTEGER NOT NULL,
    undone       INTEGER NOT NULL,
    generation   INTEGER NOT NULL,
    identifier   TEXT,
    customer_id  TEXT,
    tried_at     INTEGER,
    sent_at      INTEGER,
    problem      TEXT,
    PRIMARY KEY (account, livemode, entity_id, meter, period_start, slice, part)
);

CREATE INDEX outbox_due ON outbox (account, livemode, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_lane ON outbox (account, livemode, entity_id, meter, due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX outbox_by_identifier ON outbox (account, livemode, identifier) WHERE identifier IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (account, livemode, meter) WHERE state = 'dead';
CREATE INDEX outbox_sent ON outbox (account, livemode, sent_at) WHERE sent_at IS NOT NULL;

-- Usage that Stripe was told otherwise than it was, or too late, so that an invoice is not right. `units` were billed too
-- much (negative) or not billed at all; settled once somebody has put it right.
CREATE TABLE usage_correction (
    account       TEXT    NOT NULL,
    livemode      INTEGER NOT NULL,
    correction_id TEXT    NOT NULL,
    entity_id     TEXT    NOT NULL,
    meter         TEXT    NOT NULL,
    period_start  INTEGER NOT NULL,
    period_end    INTEGER,
    units         TEXT    NOT NULL,
    told          INTEGER NOT NULL,
    reason        TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    settled_at    INTEGER,
    PRIMARY KEY (account, livemode, correction_id)
);

CREATE INDEX usage_correction_by_entity ON usage_correction (account, livemode, entity_id);
CREATE INDEX usage_correction_open ON usage_correction (account, livemode, at) WHERE settled_at IS NULL;
