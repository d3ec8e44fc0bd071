"""What is kept about an entity: shown whole, removed whole."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, InvalidInput, StillSubscribed, StripeUnavailable
from billing_runtime._store.sql import migrations, queries
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]

#: About events and objects of Stripe's, without anything that a person wrote.
NO_ENTITY = {"inbox"}


def tables() -> dict[str, set[str]]:
    """Every table and its columns."""
    with closing(sqlite3.connect(":memory:")) as store:
        for statements in migrations():
            for statement in statements:
                store.execute(statement)
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {row[1] for row in store.execute(f"PRAGMA table_info({name})")} for name in names}


def test_no_table_is_forgotten() -> None:
    """A table that names an entity or a customer must be shown and erased: it needs its queries in personal.sql."""
    about = {name for name, columns in tables().items() if columns & {"entity_id", "customer_id"}} - NO_ENTITY
    for prefix in ("export_", "erase_"):
        assert about == {name.removeprefix(prefix) for name in queries() if name.startswith(prefix)}


def test_every_column_is_shown() -> None:
    """What is kept must be shown with all it says, but for keys that mean nothing to anybody."""
    for name, columns in tables().items():
        query = queries().get(f"export_{name}")
        if query is not None:
            shown = set(re.findall(r"\w+", query.partition("SELECT")[2].partition("FROM")[0]))
            assert shown == columns - {"account", "livemode", "entity_id", "idempotency_key"}, name


@pytest.fixture
def ours(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, any_store_url: str
) -> Billing:
    """Two entities with all there can be about them."""
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, store=any_store_url)
    for entity in ("org_1", "org_2"):
        billing.customers.ensure(entity, kind="organization", email=f"{entity}@example.com")
        billing.subscribe(entity, price="team.monthly", quantity=2)
        billing.seats.sync(entity, 3)
        billing.resolve_duplicates(entity)
    return billing


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_entity_is_removed_and_no_other(ours: Billing, stripe_client: stripe.StripeClient) -> None:
    """Every row of the entity must go, with its customer, and no row of anybody else's."""
    other = ours.personal_data.export("org_2")
    customer = ours.customers.require("org_1").id
    done = ours.personal_data.erase("org_1", cancel=True)
    assert done.customer_id == customer
    assert {"entity", "claim", "subscription", "customer_fetch", "trial"} <= done.rows.keys()
    left = ours.personal_data.export("org_1")
    assert left == {"entity_id": "org_1", "store": {table: [] for table in left["store"]}, "stripe": None}
    assert ours.personal_data.export("org_2") == other
    assert [one.email for one in stripe_client.v1.customers.list()] == ["org_2@example.com"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_running_subscription_is_in_the_way(ours: Billing) -> None:
    """Nobody's subscription may end by the way: it must be said."""
    before = ours.personal_data.export("org_1")["stripe"]
    with pytest.raises(StillSubscribed, match="Entity 'org_1' is still subscribed"):
        ours.personal_data.erase("org_1")
    assert ours.personal_data.export("org_1")["stripe"] == before
    assert ours.held("org_1")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_interrupted(ours: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient) -> None:
    """When Stripe's answer is lost, everything here must stay, and the next call finish it."""
    stripe_emulator.cut_next("after", count=5, method="DELETE", path="/v1/customers/*")
    with pytest.raises(StripeUnavailable):
        ours.personal_data.erase("org_1", cancel=True)
    assert ours.customers.get("org_1") is not None
    stripe_emulator.clear_faults()
    ours.personal_data.erase("org_1")
    assert ours.customers.get("org_1") is None
    assert len(list(stripe_client.v1.customers.list())) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_new_beginning(ours: Billing) -> None:
    """Who comes back after its data was removed must be a customer like any other."""
    gone = ours.customers.require("org_1").id
    ours.personal_data.erase("org_1", cancel=True)
    assert ours.customers.ensure("org_1", kind="organization").id != gone
    assert ours.subscribe("org_1", price="team.monthly").over is False


def test_bad_entities(billing: Billing) -> None:
    """Ids that cannot be one must be refused."""
    bad: Any
    for bad in ("", "x" * 256):
        for call in (billing.personal_data.export, billing.personal_data.erase):
            with pytest.raises(InvalidInput):
                call(bad)
