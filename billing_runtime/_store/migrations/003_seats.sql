-- Who holds a seat, how many seats are wanted, and what the current period has paid for.

-- One row per entity. `version` grows with every change of what is wanted; `done_version` is the one that Stripe had last.
-- `bought` is a number of purchased seats that Stripe does not have yet.
CREATE TABLE seat_target (
    account      TEXT    NOT NULL,
    livemode     INTEGER NOT NULL,
    entity_id    TEXT    NOT NULL,
    counted      INTEGER,
    bought       INTEGER,
    bought_price TEXT,
    version      INTEGER NOT NULL,
    done_version INTEGER NOT NULL,
    writes       INTEGER NOT NULL,
    due_at       INTEGER,
    attempts     INTEGER NOT NULL,
    failure      TEXT,
    PRIMARY KEY (account, livemode, entity_id)
);

CREATE INDEX seat_target_by_due ON seat_target (account, livemode, due_at);

-- A member, or an invitation that keeps a seat free.
CREATE TABLE seat_holder (
    account    TEXT    NOT NULL,
    livemode   INTEGER NOT NULL,
    entity_id  TEXT    NOT NULL,
    holder_id  TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    since      INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (account, livemode, entity_id, holder_id, state)
);

CREATE TABLE seat_event (
    account   TEXT    NOT NULL,
    livemode  INTEGER NOT NULL,
    entity_id TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    what      TEXT    NOT NULL,
    holder_id TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, number)
);

-- The most seats that a period of an item was billed for, and how many invoices a day has had.
CREATE TABLE seat_paid (
    account      TEXT    NOT NULL,
    livemode     INTEGER NOT NULL,
    item_id      TEXT    NOT NULL,
    period_start INTEGER NOT NULL,
    quantity     INTEGER NOT NULL,
    invoice_day  INTEGER NOT NULL,
    invoices     INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, item_id)
);

-- Who is writing to Stripe at this moment. A row that stays is of somebody who died, and what he wrote nobody knows.
CREATE TABLE seat_write (
    account   TEXT    NOT NULL,
    livemode  INTEGER NOT NULL,
    entity_id TEXT    NOT NULL,
    token     TEXT    NOT NULL,
    begun_at  INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, token)
);
