-- Webhooks that were taken in, and what became of them.

-- One row per event, for ever: that is how a repetition is known. `key` is whose turn it is: a customer, else an object.
-- state: pending (to be worked on), applied (done but for the application's hooks), done, dead (given up, may be
-- replayed), unhandled (no version that saw it knows the type). `due_at` is null unless something is still to be done.
CREATE TABLE inbox (
    account     TEXT    NOT NULL,
    livemode    INTEGER NOT NULL,
    event_id    TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    customer_id TEXT,
    object_id   TEXT,
    details     TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      INTEGER,
    problem     TEXT,
    PRIMARY KEY (account, livemode, event_id)
);

CREATE INDEX inbox_due ON inbox (account, livemode, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX inbox_key_due ON inbox (account, livemode, key) WHERE due_at IS NOT NULL;
CREATE INDEX inbox_aside ON inbox (account, livemode, state, type) WHERE state IN ('dead', 'unhandled');

-- Who is at work on something, and until when others leave it alone.
CREATE TABLE lease (
    account  TEXT    NOT NULL,
    livemode INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    holder   TEXT    NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, name)
);

-- What Stripe said last about objects that are no subscriptions: invoices, checkout sessions, disputes and so on.
CREATE TABLE fact (
    account     TEXT    NOT NULL,
    livemode    INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    object_id   TEXT    NOT NULL,
    customer_id TEXT,
    entity_id   TEXT,
    body        TEXT    NOT NULL,
    fetched_seq INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, kind, object_id)
);

CREATE INDEX fact_by_entity ON fact (account, livemode, entity_id, kind);

-- Work that is done from time to time, by one process of all: when it is due again, and how far it has come.
CREATE TABLE chore (
    account  TEXT    NOT NULL,
    livemode INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    due_at   INTEGER NOT NULL,
    progress TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, name)
);
