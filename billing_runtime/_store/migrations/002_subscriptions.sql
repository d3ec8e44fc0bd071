-- What Stripe said last about every subscription, and when it was asked.

-- Numbers that only grow: the order in which answers were asked for, whatever the clocks say.
CREATE TABLE sequence (
    account  TEXT    NOT NULL,
    livemode INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    value    INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, name)
);

-- One row per subscription; `body` is the normalised JSON of the subscription, its items and its payment method.
CREATE TABLE subscription (
    account         TEXT    NOT NULL,
    livemode        INTEGER NOT NULL,
    subscription_id TEXT    NOT NULL,
    customer_id     TEXT    NOT NULL,
    entity_id       TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    body            TEXT    NOT NULL,
    fetched_seq     INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, subscription_id)
);

CREATE INDEX subscription_by_entity ON subscription (account, livemode, entity_id);
CREATE INDEX subscription_by_customer ON subscription (account, livemode, customer_id);

-- One row per customer: the number taken before the newest fetch of all its subscriptions, and how often anything about
-- it was written: as long as that stays, what was read before still holds.
CREATE TABLE customer_fetch (
    account     TEXT    NOT NULL,
    livemode    INTEGER NOT NULL,
    customer_id TEXT    NOT NULL,
    entity_id   TEXT    NOT NULL,
    fetched_seq INTEGER NOT NULL,
    fetched_at  INTEGER NOT NULL,
    writes      INTEGER NOT NULL,
    PRIMARY KEY (account, livemode, customer_id)
);

CREATE INDEX customer_fetch_by_entity ON customer_fetch (account, livemode, entity_id, writes);
