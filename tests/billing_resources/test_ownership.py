"""Whose an object is: nothing that somebody else owns is ever taken over, and refusals name the owner."""

from __future__ import annotations

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.programs import MONTHLY, alert, data, endpoint, meter, metered, price, product

KEY = "team_monthly"


@pytest.fixture
def production(engine: Engine) -> Engine:
    """Another stack of the same project in the same account."""
    return Engine(engine.start, stack="production")


def theirs(client: stripe.StripeClient) -> stripe.Price:
    """A price that somebody made in the Dashboard, with our lookup key."""
    made = client.v1.products.create({"name": "Theirs"}).id
    return client.v1.prices.create(
        {"product": made, "currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}, "lookup_key": KEY}
    )


def test_two_stacks_in_one_account(engine: Engine, production: Engine, client: stripe.StripeClient) -> None:
    """The same program in two stacks makes two sets of objects; destroying one leaves the other alone."""
    engine.up(product(), price())
    production.up(product(), price())
    engine.destroy()
    assert production.refresh() == {"Product.team": "same", "Price.monthly": "same"}
    assert client.v1.prices.retrieve(production.of("Price.monthly").id).active


@pytest.mark.rule("owned by others", "Price")
def test_a_lookup_key_of_another_stack(engine: Engine, production: Engine, account: EmulatorClient) -> None:
    """A lookup key in use is refused with its owner, in a create and in an update, and nothing is written."""
    engine.up(product(), price(lookup_key=KEY))
    production.up(product(), price())
    account.clear_requests()
    owner = r"lookup_key team_monthly is in use by price_\w+, which belongs to monthly of stack billing/dev: choose"
    with pytest.raises(Refused, match=owner):
        production.up(product(), price(), price("second", lookup_key=KEY))
    with pytest.raises(Refused, match=owner):
        production.up(product(), price(lookup_key=KEY))
    assert account.count(method="POST") == 0


@pytest.mark.rule("owned by others", "Product")
def test_a_chosen_id_of_another_stack(engine: Engine, production: Engine, account: EmulatorClient) -> None:
    """A product id in use is refused with its owner."""
    engine.up(product(id="prod_team"))
    with pytest.raises(
        Refused, match="id prod_team is in use by prod_team, which belongs to team of stack billing/dev"
    ):
        production.up(product(id="prod_team"))
    assert account.count(method="POST") == 1


def test_a_chosen_id_of_another_resource(ours: Engine) -> None:
    """So is one of the same stack: a renamed resource says so with an alias."""
    ours.up(product(id="prod_team"))
    with pytest.raises(Refused, match="belongs to team of stack billing/dev"):
        ours.up(product("other", id="prod_team"))


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        (price("a", lookup_key=KEY), price("b", lookup_key=KEY), "lookup_key is declared by Price a"),
        (product("a", id="prod_a"), product("b", id="prod_a"), "id is declared by Product a"),
        (meter("a"), meter("b"), "event_name is declared by Meter a"),
    ],
)
def test_declared_twice(first: Declared, second: Declared, field: str, engine: Engine, account: EmulatorClient) -> None:
    """Two resources of one program cannot have the same unique value; a preview says so already."""
    engine.up(product())
    account.clear_requests()
    with pytest.raises(Refused, match=f"{field} as well: it must be unique"):
        engine.preview(product(), first, second)
    assert account.requests() == []


def test_lookup_keys_can_be_exchanged(engine: Engine, client: stripe.StripeClient) -> None:
    """Two prices that exchange their keys have them exchanged, in one run."""
    engine.up(product(), price("a", lookup_key="one"), price("b", lookup_key="two"))
    exchanged = (product(), price("a", lookup_key="two"), price("b", lookup_key="one"))
    engine.up(*exchanged)
    assert [client.v1.prices.retrieve(engine.of(f"Price.{key}").id).lookup_key for key in "ab"] == ["two", "one"]
    assert set(engine.refresh().values()) == {"same"}
    assert set(engine.up(*exchanged).values()) == {"same"}


@pytest.mark.rule("owned by others", "Meter")
def test_an_event_name_of_another_stack(engine: Engine, production: Engine, client: stripe.StripeClient) -> None:
    """A meter has no marks, so the refusal names its id and the two ways to take it over."""
    engine.up(meter())
    taken = engine.of("Meter.tokens").id
    ways = (
        f"{taken}, which no stack owns: set adopt=True, or run `pulumi import pulumi-python:dynamic/stripe:Meter tokens"
    )
    with pytest.raises(Refused, match=f"event_name tokens is in use by {ways} {taken}`"):
        production.up(meter())
    assert len(client.v1.billing.meters.list().data) == 1


def test_an_event_name_that_became_free(engine: Engine, production: Engine, client: stripe.StripeClient) -> None:
    """A refusal that Stripe keeps under the idempotency key does not come back once the name is free."""
    engine.up(meter(value_settings={"event_payload_key": "n"}))
    for _ in range(2):
        with pytest.raises(Refused):
            production.up(meter())
    client.v1.billing.meters.deactivate(engine.of("Meter.tokens").id)
    with pytest.raises(Refused, match="which differs in value_settings"):
        production.up(meter())
    engine.up()
    assert production.up(meter(value_settings={"event_payload_key": "n"})) == {"Meter.tokens": "create"}


def test_an_unowned_lookup_key(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """An active price that nobody owns is not robbed of its key; the refusal prints the import command."""
    taken = theirs(client).id
    engine.up(product())
    account.clear_requests()
    command = f"run `pulumi import pulumi-python:dynamic/stripe:Price monthly {taken}`"
    with pytest.raises(
        Refused, match=f"lookup_key team_monthly is in use by {taken}, which no stack owns: .*{command}"
    ):
        engine.up(product(), price(lookup_key=KEY))
    assert account.count(method="POST") == 0


def test_an_unowned_product(ours: Engine, client: stripe.StripeClient) -> None:
    """So with an active product under the chosen id."""
    client.v1.products.create({"id": "prod_team", "name": "Theirs"})
    with pytest.raises(Refused, match="id prod_team is in use by prod_team, which no stack owns: set adopt=True"):
        ours.up(product(id="prod_team"))


def test_an_archived_unowned_lookup_key_is_free(engine: Engine, client: stripe.StripeClient) -> None:
    """An inactive object without an owner counts as free."""
    client.v1.prices.update(theirs(client).id, {"active": False})
    assert engine.up(product(), price(lookup_key=KEY))["Price.monthly"] == "create"
    assert client.v1.prices.retrieve(engine.of("Price.monthly").id).lookup_key == KEY


@pytest.mark.rule("adopted", "Product")
def test_adopting_a_product(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """``adopt`` takes an unowned product over, brings it up to date in one write, and may be removed afterwards."""
    client.v1.products.create({"id": "prod_team", "name": "Theirs", "metadata": {"a": "1"}})
    account.clear_requests()
    engine.up(product(id="prod_team", adopt=True))
    assert account.count(method="POST") == 1
    now = data(client.v1.products.retrieve("prod_team"))
    assert (now["name"], now["metadata"]["billing:stack"]) == ("Team", "billing/dev")
    assert engine.up(product(id="prod_team")) == {"Product.team": "same"}


@pytest.mark.rule("adopted", "Price")
def test_adopting_a_price(engine: Engine, client: stripe.StripeClient) -> None:
    """An adopted price gets every mark and keeps its id."""
    taken = theirs(client)
    adopted = price(product=taken.product, lookup_key=KEY, trial_days=14, adopt=True)
    engine.up(adopted)
    metadata = data(client.v1.prices.retrieve(taken.id))["metadata"]
    assert engine.of("Price.monthly").id == taken.id
    assert (metadata["billing:type"], metadata["billing:trial_days"]) == ("flat", "14")
    assert engine.up(adopted) == {"Price.monthly": "same"}


def test_adopting_a_metered_price(ours: Engine, client: stripe.StripeClient) -> None:
    """The mark of its meter is written as well."""
    ours.up(product(), meter())
    recurring = {**MONTHLY, "usage_type": "metered", "meter": ours.of("Meter.tokens").id}
    fields = {"product": ours.of("Product.team").id, "currency": "usd", "unit_amount": 1200, "recurring": recurring}
    made = client.v1.prices.create({**fields, "lookup_key": KEY})  # type: ignore[typeddict-item]
    ours.up(product(), meter(), metered(lookup_key=KEY, adopt=True))
    assert data(client.v1.prices.retrieve(made.id))["metadata"]["billing:meter"] == "tokens"


@pytest.mark.rule("adopted", "Meter")
def test_adopting_a_meter(ours: Engine, client: stripe.StripeClient) -> None:
    """An active meter is taken as it is."""
    made = client.v1.billing.meters.create(
        {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    )
    ours.up(meter(adopt=True))
    assert ours.of("Meter.tokens").id == made.id


def test_adopting_something_else_is_refused(ours: Engine, client: stripe.StripeClient) -> None:
    """What Stripe could not make equal is not adopted; the fields are named."""
    taken = theirs(client)
    with pytest.raises(Refused, match=f"lookup_key team_monthly belongs to {taken.id}, which differs in unit_amount:"):
        ours.up(price(product=taken.product, lookup_key=KEY, unit_amount=1500, adopt=True))


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        (
            product(adopt=True),
            r"adopt needs id, by which the object is found; or run `pulumi import \S+:Product team ID`",
        ),
        (price(adopt=True), "adopt needs lookup_key, by which the object is found"),
        (
            endpoint(adopt=True),
            "adopt is not possible: webhook endpoints have no name of their own; run `pulumi import",
        ),
        (alert(adopt=True), "adopt is not possible: alerts have no name of their own"),
    ],
)
def test_nothing_to_adopt_by(declared: Declared, sentence: str, ours: Engine) -> None:
    """Where no field names the existing object, ``adopt`` would silently make a second one: refused, with the way."""
    with pytest.raises(Refused, match=sentence):
        ours.preview(declared)


def test_adopt_never_takes_from_another_stack(engine: Engine, production: Engine) -> None:
    """``adopt`` is for objects without an owner."""
    engine.up(product(id="prod_team"))
    with pytest.raises(Refused, match="belongs to team of stack billing/dev"):
        production.up(product(id="prod_team", adopt=True))
