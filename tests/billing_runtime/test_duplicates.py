"""Two subscriptions in one group of plans: both were paid, and one must stay."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, CheckoutSettings, InvalidInput, StripeUnavailable
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


@pytest.fixture
def shop(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, any_store_url: str
) -> Callable[..., Billing]:
    """Open billing in which no trial keeps a page from being paid."""
    provisioned["prices"]["team.monthly"]["trial_days"] = None

    def opened(**settings: Any) -> Billing:
        checkout = CheckoutSettings(success_url="https://app.test/done", **settings)
        billing = open_billing(
            manifest=provisioned, api_base=stripe_emulator.url, checkout=checkout, store=any_store_url
        )
        billing.customers.ensure("org_1", kind="organization")
        return billing

    return opened


@pytest.fixture
def backend() -> str:
    """SQLite, where a test does not ask for both."""
    return "sqlite"


def paid_twice(billing: Billing, emulator: EmulatorClient, client: stripe.StripeClient) -> tuple[str, str]:
    """Two pages that were open at once, and both were paid: the subscriptions, the earlier first.

    One of them was opened by hand in another window, as two programs that know nothing of each other would.
    """
    page = billing.checkout("org_1", price="team.monthly", quantity=3)
    told = client.v1.checkout.sessions.retrieve(page.id)
    marks = told.metadata.to_dict() if told.metadata else {}
    line: Any = {"price": billing.price("team.monthly").id, "quantity": 2}
    other = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": billing.customers.require("org_1").id,
            "line_items": [line],
            "success_url": "https://app.test/done",
            "subscription_data": {"metadata": marks},
        }
    )
    emulator.clock.set("2026-03-01T12:00:00Z")
    first = str(emulator.complete_checkout(page.id)["subscription"])
    emulator.clock.advance(60)
    second = str(emulator.complete_checkout(other.id)["subscription"])
    return first, second


def statuses(client: stripe.StripeClient) -> dict[str, str]:
    """Every subscription at Stripe."""
    return {one.id: one.status for one in client.v1.subscriptions.list({"status": "all"})}


def refunds(client: stripe.StripeClient) -> list[tuple[int, str | None]]:
    """Everything that was given back."""
    return [(one.amount, one.reason) for one in client.v1.refunds.list()]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_later_one_is_cancelled_and_refunded(
    shop: Callable[..., Billing],
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of two paid subscriptions the earlier must stay, the later be ended and paid back, and somebody be told."""
    billing = shop()
    first, second = paid_twice(billing, stripe_emulator, stripe_client)
    with caplog.at_level(logging.WARNING, "billing_runtime"):
        held = billing.sync("org_1")
    assert statuses(stripe_client) == {first: "active", second: "canceled"}
    assert refunds(stripe_client) == [(2400, "duplicate")]
    (found,) = billing.duplicates.of("org_1")
    assert (found.subscription_id, found.kept_id, found.group, found.state) == (second, first, "plans", "refunded")
    assert billing.duplicates.of() == (found,)
    assert f"{first} was kept, {second} was refunded" in caplog.text
    assert {one.id for one in held if one} == {first}


@pytest.mark.parametrize(
    ("policy", "status", "state"), [("cancel", "canceled", "cancelled"), ("report", "active", "reported")]
)
def test_what_the_setting_says(
    shop: Callable[..., Billing],
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    policy: str,
    status: str,
    state: str,
) -> None:
    """An application must be able to keep the money, or to decide itself; it is told in every case."""
    billing = shop(duplicates=policy)
    first, second = paid_twice(billing, stripe_emulator, stripe_client)
    billing.sync("org_1")
    assert statuses(stripe_client) == {first: "active", second: status}
    assert refunds(stripe_client) == []
    assert [one.state for one in billing.duplicates.of("org_1")] == [state]


def test_again_and_again(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """Once it is done nothing must be sent for it again, however often and in however many threads it is looked at."""
    billing = shop()
    paid_twice(billing, stripe_emulator, stripe_client)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: billing.sync("org_1"), range(8)))
    assert refunds(stripe_client) == [(2400, "duplicate")]
    stripe_emulator.clear_requests()
    assert billing.resolve_duplicates("org_1") == ()
    assert stripe_emulator.count() == 0


def test_what_a_person_made_is_only_reported(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A second subscription that was made at the Dashboard may be meant: it is reported and left alone."""
    billing = shop()
    customer = billing.customers.require("org_1").id
    method = stripe_client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    stripe_client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
    stripe_emulator.clock.set("2026-03-01T12:00:00Z")
    billing.subscribe("org_1", price="team.monthly", quantity=2, payment_behavior="error_if_incomplete")
    stripe_emulator.clock.advance(60)
    items: Any = [{"price": billing.price("team.monthly").id, "quantity": 1}]
    stripe_client.v1.subscriptions.create({"customer": customer, "items": items})
    billing.sync("org_1")
    assert set(statuses(stripe_client).values()) == {"active"}
    assert [one.state for one in billing.duplicates.of("org_1")] == ["reported"]


def test_two_groups_are_no_duplicates(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A plan of another group, or one that waits for its first payment, must be left alone."""
    billing = shop()
    customer = billing.customers.require("org_1").id
    billing.subscribe("org_1", price="team.monthly", quantity=2)
    billing.subscribe("org_1", price="alpaca-ai.base")
    items: Any = [{"price": billing.price("team.monthly").id, "quantity": 1}]
    stripe_client.v1.subscriptions.create(
        {"customer": customer, "items": items, "payment_behavior": "default_incomplete"}
    )
    billing.sync("org_1")
    assert billing.duplicates.of() == ()


def test_stripe_is_down_half_way(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """What was cancelled and not yet paid back must be paid back by the next look, once."""
    billing = shop()
    first, second = paid_twice(billing, stripe_emulator, stripe_client)
    stripe_emulator.fail_next(503, count=None, method="POST", path="/v1/refunds")
    with pytest.raises(StripeUnavailable, match="Could not refund a second subscription"):
        billing.sync("org_1")
    assert [one.state for one in billing.duplicates.of("org_1")] == ["found"]
    stripe_emulator.clear_faults()
    stripe_emulator.cut_next("after", method="POST", path="/v1/refunds")
    billing.sync("org_1")
    assert statuses(stripe_client) == {first: "active", second: "canceled"}
    assert refunds(stripe_client) == [(2400, "duplicate")]


PROGRAM = """
import json, sys
from billing_runtime import Billing, CheckoutSettings

settings = json.loads(sys.stdin.read())
with Billing.open(**settings) as billing:
    billing.sync("org_1")
"""
STEPS = [
    ("GET", "/v1/subscriptions/*"),
    ("DELETE", "/v1/subscriptions/*"),
    ("GET", "/v1/invoices"),
    ("POST", "/v1/refunds"),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("method", "path"), STEPS)
def test_killed_half_way(
    shop: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    any_store_url: str,
    method: str,
    path: str,
    when: str,
) -> None:
    """SIGKILL at any step must be finished by the next look: one subscription stays, one payment is given back."""
    billing = shop()
    first, second = paid_twice(billing, stripe_emulator, stripe_client)
    pause = stripe_emulator.pause_next(when, method=method, path=path)
    settings = {"manifest": provisioned, "store": any_store_url, "api_base": stripe_emulator.url, "environ": {}}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=-1, text=True) as doomed:
        assert doomed.stdin is not None
        doomed.stdin.write(json.dumps(settings | {"api_key": stripe_emulator.key}))
        doomed.stdin.close()
        pause.wait_until_reached()
        doomed.kill()
    pause.release()
    billing.sync("org_1")
    assert statuses(stripe_client) == {first: "active", second: "canceled"}
    assert refunds(stripe_client) == [(2400, "duplicate")]
    assert [one.state for one in billing.duplicates.of("org_1")] == ["refunded"]


def test_an_unknown_setting() -> None:
    """A mistyped setting must be found when it is written."""
    setting: Any = "refnud"
    with pytest.raises(InvalidInput, match="duplicates must be one of refund, cancel, report"):
        CheckoutSettings(duplicates=setting)
