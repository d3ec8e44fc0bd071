"""How many of something Stripe takes is known before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import billing_resources as billing
from billing_resources.alert import UsageThreshold
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.programs import alert, endpoint, meter, product
from tests.billing_resources.test_declarations import GOOD, refusal, refused

ALERTS = "is beyond the 25 alerts that Stripe keeps on one meter for all customers together: remove one"
ENDPOINTS = (
    "is beyond the 16 webhook endpoints and event destinations that a Stripe account can have: remove one, "
    "or send its events to another one's address"
)


def meters(*names: str) -> Iterator[billing.Meter]:
    """Meters that are declared in a program: their ids come later."""
    for name in names:
        yield billing.Meter(name, display_name=name, event_name=name, default_aggregation={"formula": "sum"})


def alerts(count: int, on: billing.Meter, prefix: str = "a", customer: str | None = None) -> None:
    """That many alerts on the meter."""
    for number in range(count):
        threshold: UsageThreshold = {"meter": on.id, "gte": 1}
        if customer is not None:
            threshold["filters"] = [{"type": "customer", "customer": customer}]
        billing.Alert(f"{prefix}{number}", title="A", usage_threshold=threshold)


def declared(program: Callable[[], object]) -> tuple[list[str], int]:
    """What the program's refusal says below its heading, and how many resources were registered before it."""
    said, ran = refusal(program)
    return said[1:], len(ran.names)


def test_the_26th_alert_of_a_meter_is_refused_in_the_program() -> None:
    """Although the meter has no id yet; it is told at the line that declares the alert."""
    assert declared(lambda: alerts(26, next(meters("tokens")))) == ([ALERTS], 26)


def test_each_meter_and_customer_has_alerts_of_its_own() -> None:
    """Stripe counts by meter and customer."""

    def program() -> None:
        first, second = meters("a", "b")
        alerts(25, first, "a")
        alerts(25, second, "b")
        alerts(25, second, "c", customer="cus_1")
        alerts(1, second, "d", customer="cus_1")

    assert declared(program) == (
        ["is beyond the 25 alerts that Stripe keeps on one meter for one customer: remove one"],
        77,
    )


def test_the_17th_endpoint_is_refused_in_the_program() -> None:
    """Webhook endpoints and event destinations share their room."""

    def program() -> None:
        for number in range(8):
            billing.WebhookEndpoint(f"w{number}", **GOOD["WebhookEndpoint"])
            billing.EventDestination(f"d{number}", **GOOD["EventDestination"])
        billing.EventDestination("last", **GOOD["EventDestination"])

    assert declared(program) == ([ENDPOINTS], 16)


def many(count: int) -> tuple[Declared, ...]:
    """A meter with that many alerts."""
    return meter(), *(alert(f"a{number}") for number in range(count))


@pytest.mark.parametrize("operation", ["preview", "up"])
def test_the_26th_alert_is_refused_by_the_host(operation: str, engine: Engine, account: EmulatorClient) -> None:
    """Where the program could not know that two values are one meter, the host does, before it is created."""
    engine.up(*many(1))
    with pytest.raises(Refused) as caught:
        getattr(engine, operation)(*many(26))
    assert str(caught.value) == ALERTS
    assert account.count(method="POST", path="/v1/billing/alerts") == (1 if operation == "preview" else 25)


def test_what_is_replaced_counts_once(ours: Engine, account: EmulatorClient) -> None:
    """A meter with 25 alerts can have them all changed in one run: each old one is archived before its successor."""
    ours.up(*many(25))
    changed = [alert(f"a{number}", title="Changed") for number in range(25)]
    assert list(ours.up(meter(), *changed).values()) == ["same", *["replace"] * 25]
    assert account.count(status=400) == 0
    assert set(ours.refresh().values()) == set(ours.up(meter(), *changed).values()) == {"same"}


def test_seventeen_endpoints_are_refused_by_the_host(ours: Engine, account: EmulatorClient) -> None:
    """In the preview already."""
    with pytest.raises(Refused) as caught:
        ours.preview(*(endpoint(f"e{number}") for number in range(17)))
    assert str(caught.value) == ENDPOINTS
    assert account.requests() == []


ROOM = "Stripe's metadata has room for 50, so remove"


@pytest.mark.parametrize(
    "kind", ["Product", "Coupon", "PromotionCode", "TaxRate", "Feature", "WebhookEndpoint", "EventDestination"]
)
def test_two_keys_are_the_owners(kind: str) -> None:
    """Fifty keys less the marks that say whose the object is."""
    full = {str(number): "x" for number in range(48)}
    assert refused(kind, metadata={**full, "one": "more"}) == [
        f"metadata: has 49 keys, and the marks of this package take 2 more: {ROOM} 1"
    ]


def test_a_product_with_all_of_its_keys_is_made(engine: Engine) -> None:
    """What is not refused here is not refused by Stripe either."""
    full = {str(number): "x" * 500 for number in range(47)} | {"k" * 40: "x"}
    assert engine.up(product(metadata=full)) == {"Product.team": "create"}


def test_fifteen_marketing_features() -> None:
    """A sixteenth is refused."""
    assert refused("Product", marketing_features=[{"name": "x"}] * 16) == [
        "marketing_features: list should have at most 15 items after validation, not 16"
    ]
