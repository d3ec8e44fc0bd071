"""Reconciliation: whatever webhooks were missed, the cache ends as Stripe is, in few calls, also after a kill."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import StripeUnavailable
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from billing_runtime._cache.reconciling import Reconciled
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
on_every_backend = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Billing:
    """The example's billing, on the backend of the test if it has that parameter; a page has ten here."""
    monkeypatch.setattr("billing_runtime._cache.listing._PAGE", 10)
    store = request.getfixturevalue("any_store_url" if "backend" in request.fixturenames else "store_url")
    return open_billing(manifest=provisioned, api_base=stripe_emulator.url, store=store)


@pytest.fixture
def crowd(billing: Billing, provisioned: Json, stripe_client: stripe.StripeClient) -> list[str]:
    """Twelve entities, each with a trial that no webhook has told of: more than one page."""
    price = provisioned["prices"]["team.monthly"]["id"]
    entities = [f"org_{number:03}" for number in range(12)]
    for entity in entities:
        customer = billing.customers.ensure(entity, kind="organization").id
        wanted: Any = {"customer": customer, "items": [{"price": price}], "trial_period_days": 14}
        stripe_client.v1.subscriptions.create(wanted)
    return entities


def statuses(billing: Billing, entities: list[str]) -> set[str]:
    """What the cache says of all of them."""
    return {billing.subscription(entity).status for entity in entities}


@on_every_backend
def test_missed_webhooks_are_made_up_for(
    billing: Billing, backend: str, crowd: list[str], stripe_emulator: EmulatorClient
) -> None:
    """After one run every entity must be known, at a request for a page, and a second run find nothing to repair."""
    stripe_emulator.clear_requests()
    done = billing.sync_all()
    assert done is not None
    assert (done.done, done.customers, done.subscriptions, done.repaired) == (True, 12, 12, 12)
    assert statuses(billing, crowd) == {"trialing"}
    counts = stripe_emulator.counts()
    assert (counts["GET /v1/customers"], counts["GET /v1/subscriptions"]) == (2, 2)
    assert done.calls == sum(counts.values())
    again = billing.sync_all()
    assert again is not None
    assert (again.repaired, again.recovered) == (0, 0)


def test_what_ended_unheard_is_found(
    billing: Billing, crowd: list[str], stripe_client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """A cancelled subscription is in no list of running ones: it must be asked for, and only such ones."""
    billing.sync_all()
    for entity in crowd[:3]:
        (one,) = billing.held(entity)
        stripe_client.v1.subscriptions.cancel(str(one.id))
    stripe_client.v1.customers.delete(billing.customers.require(crowd[3]).id)
    stripe_emulator.clear_requests()
    done = billing.sync_all()
    assert done is not None
    assert done.repaired == 4
    assert statuses(billing, crowd[:4]) == {"canceled"}
    assert statuses(billing, crowd[4:]) == {"trialing"}
    # Two pages, and one for each that ended; the deleted customer's is asked for twice.
    assert stripe_emulator.count(path="/v1/subscriptions") <= 2 + 5


@on_every_backend
def test_an_interrupted_run_goes_on(
    billing: Billing, backend: str, crowd: list[str], stripe_emulator: EmulatorClient
) -> None:
    """Stripe away in the middle: the next run must begin at the page that failed, not at the first."""
    stripe_emulator.fail_next(503, count=5, path="/v1/subscriptions", skip=1)
    told: list[Reconciled] = []
    with pytest.raises(StripeUnavailable):
        billing.sync_all(told.append)
    assert (told[-1].phase, told[-1].subscriptions) == ("subscriptions", 10)
    stripe_emulator.clear_requests()
    done = billing.sync_all(told.append)
    assert done is not None
    assert (done.run, done.subscriptions) == (told[0].run, 12)
    assert "GET /v1/customers" not in stripe_emulator.counts()
    assert stripe_emulator.count(path="/v1/subscriptions") == 1
    assert statuses(billing, crowd) == {"trialing"}


def test_a_place_that_was_deleted_begins_the_list_again(
    billing: Billing, crowd: list[str], stripe_client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """If the customer at which a run stopped is deleted meanwhile, the list must be begun again, not fail for ever."""
    stripe_emulator.fail_next(503, count=5, path="/v1/customers", skip=1)
    told: list[Reconciled] = []
    with pytest.raises(StripeUnavailable):
        billing.sync_all(told.append)
    stripe_client.v1.customers.delete(told[-1].after)
    done = billing.sync_all()
    assert done is not None
    assert done.done
    assert statuses(billing, crowd) == {"trialing", "none"}


@on_every_backend
def test_a_lost_store_is_filled_again(
    billing: Billing,
    backend: str,
    crowd: list[str],
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    tmp_path: Any,
) -> None:
    """From an empty store one run must find whose customers they are, by their marks, and all subscriptions."""
    empty = open_billing(manifest=provisioned, api_base=stripe_emulator.url, store=f"sqlite:///{tmp_path}/another.db")
    empty.sync_all()
    assert statuses(empty, crowd) == {"trialing"}
    assert [empty.customers.get(entity) for entity in crowd] == [billing.customers.get(entity) for entity in crowd]


def test_one_run_at_a_time(billing: Billing, crowd: list[str], stripe_emulator: EmulatorClient) -> None:
    """While somebody reconciles, others must be told so, and leave it."""
    seen: list[Reconciled | None] = []
    billing.sync_all(lambda _: seen.append(billing.sync_all()))
    assert set(seen) == {None}


def test_events_that_never_arrived_are_recovered(
    billing: Billing, crowd: list[str], stripe_client: stripe.StripeClient
) -> None:
    """What only an event tells must come into the inbox, once, although the webhook never came."""
    heard: list[str | None] = []
    billing.on("customer.updated", lambda told: heard.append(told.entity_id))
    billing.sync_all()
    while billing.worker().once():
        pass
    customer = billing.customers.require(crowd[0]).id
    stripe_client.v1.customers.update(customer, {"description": "changed"})
    done = billing.sync_all()
    assert done is not None
    assert done.recovered == 1
    again = billing.sync_all()
    assert again is not None
    assert again.recovered == 0
    billing.worker().once()
    assert heard.count(crowd[0]) >= 1


def test_a_newer_look_is_not_undone(
    billing: Billing, crowd: list[str], stripe_client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """A page that was asked for before a change must not overwrite what was read after it."""
    billing.sync_all()
    (one,) = billing.held(crowd[0])

    def change(_: Reconciled) -> None:
        stripe_client.v1.subscriptions.update(str(one.id), {"cancel_at_period_end": True})
        billing.sync(crowd[0])

    billing.sync_all(change)
    assert billing.subscription(crowd[0]).cancel_at_period_end
