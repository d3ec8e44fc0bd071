-- Who is which customer at Stripe, and which objects are being made there.

CREATE TABLE entity (
    account     TEXT    NOT NULL,
    livemode    INTEGER NOT NULL,
    entity_id   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    PRIMARY KEY (account, livemode, entity_id)
);

CREATE UNIQUE INDEX entity_by_customer ON entity (account, livemode, customer_id);

-- A claim is written before the POST that makes the object, so that a repeated call, in whatever process and after
-- whatever crash, sends the same request under the same idempotency key. `request` is emptied once it is answered.
CREATE TABLE claim (
    account         TEXT    NOT NULL,
    livemode        INTEGER NOT NULL,
    entity_id       TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    idempotency_key TEXT    NOT NULL,
    request         TEXT    NOT NULL,
    claimed_at      INTEGER NOT NULL,
    object_id       TEXT,
    PRIMARY KEY (account, livemode, entity_id, subject)
);
