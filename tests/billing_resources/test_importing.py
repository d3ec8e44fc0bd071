"""Taking existing objects into a stack: everything Stripe shows becomes an input, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.programs import MONTHLY, alert, data, endpoint, meter, price, product

FIELDS: dict[str, dict[str, Any]] = {
    "Product": {"name": "Team", "description": "For organizations", "metadata": {"a": "1"}, "unit_label": "seat"},
    "Price": {
        "currency": "usd",
        "unit_amount_decimal": "0.5",
        "recurring": MONTHLY,
        "lookup_key": "team_monthly",
        "currency_options": {"eur": {"unit_amount": 1}},
        "metadata": {"a": "1"},
    },
    "Meter": {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}},
    "WebhookEndpoint": {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid"]},
}
SERVICES = {
    "Product": "products",
    "Price": "prices",
    "Meter": "billing.meters",
    "WebhookEndpoint": "webhook_endpoints",
}


def foreign(client: stripe.StripeClient, kind: str) -> tuple[str, dict[str, Any]]:
    """An object that somebody made in the Dashboard: its id and its fields."""
    fields = dict(FIELDS[kind])
    if kind == "Price":
        fields["product"] = client.v1.products.create({"name": "Theirs"}).id
    service: Any = client.v1
    for part in SERVICES[kind].split("."):
        service = getattr(service, part)
    return service.create(fields).id, fields


@pytest.mark.parametrize("kind", FIELDS)
def test_everything_becomes_an_input(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """Import answers what Stripe shows as a program would write it, and writes nothing."""
    object_id, fields = foreign(client, kind)
    account.clear_requests()
    entry = ours.take_in(kind, "mine", object_id)
    assert {name: entry.inputs[name] for name in fields} == fields
    assert set(entry.inputs) - set(fields) <= {"__provider", "_key", "_stack", "api_version"}
    assert account.count(method="POST") == 0


@pytest.mark.parametrize("kind", ["Product", "Price", "WebhookEndpoint"])
def test_the_first_up_writes_the_marks(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """One visible update makes the object ours and touches nothing else; then nothing is left to do."""
    object_id, fields = foreign(client, kind)
    ours.take_in(kind, "mine", object_id)
    account.clear_requests()
    declared = Declared(kind, "mine", fields)
    assert ours.up(declared) == {f"{kind}.mine": "update"}
    sent = account.requests(method="POST")[0]["params"]
    assert set(sent) - {"expand"} == {"metadata"}
    assert {"billing:stack": "billing/dev", "billing:key": "mine"}.items() <= sent["metadata"].items()
    assert ours.up(declared) == {f"{kind}.mine": "same"}


def test_an_imported_price_has_all_marks(ours: Engine, client: stripe.StripeClient) -> None:
    """The runtime finds the type of an imported price as that of one made here."""
    object_id, fields = foreign(client, "Price")
    ours.take_in("Price", "mine", object_id)
    ours.up(Declared("Price", "mine", fields))
    assert data(client.v1.prices.retrieve(object_id))["metadata"]["billing:type"] == "flat"


def test_an_imported_meter_is_ours_at_once(ours: Engine, client: stripe.StripeClient) -> None:
    """A meter has no metadata, so there is nothing to write."""
    object_id, fields = foreign(client, "Meter")
    ours.take_in("Meter", "tokens", object_id)
    assert ours.up(Declared("Meter", "tokens", fields)) == {"Meter.tokens": "same"}


def test_an_imported_alert_is_ours_at_once(ours: Engine, client: stripe.StripeClient) -> None:
    """The same for an alert; the defaults that Stripe shows are not written down."""
    ours.up(meter())
    threshold: Any = {"meter": ours.of("Meter.tokens").id, "gte": 800, "recurrence": "one_time"}
    made = client.v1.billing.alerts.create(
        {"title": "Soon", "alert_type": "usage_threshold", "usage_threshold": threshold}
    )
    entry = ours.take_in("Alert", "soon", made.id)
    assert (entry.inputs["title"], "alert_type" in entry.inputs) == ("Soon", False)
    assert ours.up(meter(), alert()) == {"Meter.tokens": "same", "Alert.soon": "same"}


def test_our_own_object_comes_back_unchanged(ours: Engine, account: EmulatorClient) -> None:
    """After a lost state, import and up find everything in place: nothing is written."""
    declared = (product(), price(seats={"mode": "follow"}, limits={"credits": {"included": 5}}, default=True))
    ours.up(*declared)
    lost = {name: ours.of(name).id for name in ("Product.team", "Price.monthly")}
    ours.state.clear()
    account.clear_requests()
    for name, object_id in lost.items():
        kind, key = name.split(".")
        ours.take_in(kind, key, object_id)
    assert ours.up(*declared) == {"Product.team": "same", "Price.monthly": "same"}
    assert account.count(method="POST") == 0


def test_a_chosen_id_may_be_declared(ours: Engine, client: stripe.StripeClient) -> None:
    """Declaring the id that the imported product has anyway replaces nothing."""
    client.v1.products.create({"id": "prod_team", "name": "Team"})
    ours.take_in("Product", "team", "prod_team")
    assert ours.up(product(id="prod_team")) == {"Product.team": "update"}
    assert ours.up(product(id="prod_team")) == {"Product.team": "same"}


def test_the_secret_of_an_imported_endpoint_is_unknown(ours: Engine, client: stripe.StripeClient) -> None:
    """Stripe shows a secret only to who created the endpoint."""
    object_id, _ = foreign(client, "WebhookEndpoint")
    assert "secret" not in ours.take_in("WebhookEndpoint", "app", object_id).outputs


def test_another_stacks_object_is_refused(ours: Engine, account: EmulatorClient) -> None:
    """What another stack owns is not taken in, and the refusal names the owner."""
    ours.up(product(), endpoint())
    production = Engine(ours.start, stack="production")
    with pytest.raises(Refused, match=r"prod_\w+, which belongs to team of stack billing/dev"):
        production.take_in("Product", "team", ours.of("Product.team").id)
    with pytest.raises(Refused, match=r"we_\w+, which belongs to app of stack billing/dev"):
        production.take_in("WebhookEndpoint", "app", ours.of("WebhookEndpoint.app").id)


def test_an_id_that_does_not_exist(ours: Engine) -> None:
    """The engine learns that there is nothing, and says so itself."""
    assert ours.take_in("Product", "team", "prod_none").id == ""


def test_renaming_rewrites_the_marks(ours: Engine, client: stripe.StripeClient) -> None:
    """The state proves ownership, so a renamed resource (an alias) keeps its object and gets its new name."""
    ours.up(product("team"))
    ours.state[ours.urn("Product", "crew")] = ours.state.pop(ours.urn("Product", "team"))
    assert ours.up(product("crew")) == {"Product.crew": "update"}
    metadata = data(client.v1.products.retrieve(ours.of("Product.crew").id))["metadata"]
    assert metadata == {"billing:stack": "billing/dev", "billing:key": "crew"}
