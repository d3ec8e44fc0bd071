-- What was bought on checkout pages, who had a trial, and second subscriptions that were found.

-- One row per checkout page that was completed, or is; `prices` are names, separated by commas.
CREATE TABLE purchase (
    account        TEXT    NOT NULL,
    livemode       INTEGER NOT NULL,
    session_id     TEXT    NOT NULL,
    entity_id      TEXT    NOT NULL,
    mode           TEXT    NOT NULL,
    prices         TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    payment_status TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, session_id)
);

CREATE INDEX purchase_by_entity ON purchase (account, livemode, entity_id);

-- One trial per entity and group of plans.
CREATE TABLE trial (
    account         TEXT    NOT NULL,
    livemode        INTEGER NOT NULL,
    entity_id       TEXT    NOT NULL,
    plan_group      TEXT    NOT NULL,
    subscription_id TEXT    NOT NULL,
    started_at      INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, entity_id, plan_group)
);

-- Second subscriptions in a group of plans: written before anything is done about one, done when it says so.
CREATE TABLE duplicate (
    account         TEXT    NOT NULL,
    livemode        INTEGER NOT NULL,
    subscription_id TEXT    NOT NULL,
    kept_id         TEXT    NOT NULL,
    entity_id       TEXT    NOT NULL,
    plan_group      TEXT    NOT NULL,
    policy          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    found_at        INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, subscription_id)
);

CREATE INDEX duplicate_by_entity ON duplicate (account, livemode, entity_id);
