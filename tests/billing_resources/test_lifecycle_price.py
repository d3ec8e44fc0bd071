"""A price's life: created, relabelled in place, archived, declared again, put right after drift."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import MONTHLY, data, meter, metered, own_metadata, price, product

EUR = {"unit_amount": 1100, "tax_behavior": "exclusive"}
FULL: dict[str, Any] = {
    "lookup_key": "team_monthly",
    "nickname": "Team, monthly",
    "metadata": {"a": "1", "b": "2"},
    "currency_options": {"eur": EUR, "gbp": {"unit_amount": 1000}},
    "trial_days": 14,
    "seats": {"mode": "follow", "minimum": 2, "maximum": 50},
    "limits": {
        "credits": {"included": 1000},
        "exports": {"included": "unlimited", "per": "day"},
        "images": {
            "included": 50,
            "rollover": {"max": 100, "periods": 2},
            "carry": "prorate",
            "thresholds": [80, 100],
        },
    },
    "features": {"sso": "1"},
}
CHANGED: dict[str, Any] = {
    "lookup_key": "team_each_month",
    "nickname": "Team, each month",
    "metadata": {"a": "1", "b": "3"},
    "currency_options": {"eur": {"unit_amount": 1150, "tax_behavior": "exclusive"}, "gbp": {"unit_amount": 1000}},
    "trial_days": 30,
    "seats": {"mode": "purchased"},
    "limits": {
        "credits": {"included": 2000, "overage": "bill", "meter": "tokens"},
        "images": {"included": 50, "rollover": {"max": "unlimited", "periods": 1}, "thresholds": [90]},
    },
    "features": {"sso": "1", "audit": "full"},
}
MARKS = {
    "billing:stack": "billing/dev",
    "billing:key": "monthly",
    "billing:type": "per_seat",
    "billing:trial_days": "14",
    "billing:seats": "follow minimum=2 maximum=50",
    "limits:credits": "1000",
    "limits:exports": "unlimited per=day",
    "limits:images": "50 rollover=100/2 carry=prorate thresholds=80,100",
    "features:sso": "1",
}


def found(client: stripe.StripeClient, engine: Engine, name: str = "Price.monthly") -> stripe.Price:
    """The price as Stripe has it."""
    return client.v1.prices.retrieve(engine.of(name).id, {"expand": ["currency_options", "tiers"]})


@pytest.mark.rule("stock host", "Price")
@pytest.mark.rule("created", "Price")
def test_create_then_no_changes(engine: Engine, account: EmulatorClient) -> None:
    """A price is made with one write, and the next run changes nothing."""
    assert engine.up(product(), price(**FULL))["Price.monthly"] == "create"
    assert engine.up(product(), price(**FULL)) == {"Product.team": "same", "Price.monthly": "same"}
    assert account.count(method="POST", path="/v1/prices*") == 1


def test_reads_of_a_run(ours: Engine, account: EmulatorClient) -> None:
    """However many prices there are, each kind is listed once; prices twice, since Stripe lists active ones only."""
    ours.up(product(), price("a"), price("b"), price("c"))
    reads = {route: count for route, count in account.counts().items() if route.startswith("GET")}
    assert reads == {"GET /v1/account": 1, "GET /v1/products": 1, "GET /v1/prices": 2}


@pytest.mark.rule("updated", "Price")
@pytest.mark.parametrize("field", CHANGED)
def test_every_mutable_field_changes_in_place(field: str, ours: Engine, account: EmulatorClient) -> None:
    """A changed field is one write to the same price, and then nothing is left to do."""
    ours.up(product(), price(**FULL))
    account.clear_requests()
    changed = price(**{**FULL, field: CHANGED[field]})
    assert ours.up(product(), changed)["Price.monthly"] == "update"
    assert account.count(method="POST") == 1
    assert ours.up(product(), changed)["Price.monthly"] == "same"


@pytest.mark.rule("cleared", "Price")
@pytest.mark.parametrize("field", FULL)
def test_removed_fields_stay_removed(field: str, ours: Engine) -> None:
    """A field that is no longer written is one update, and a refresh finds nothing of it."""
    ours.up(product(), price(**FULL))
    less = price(**{name: value for name, value in FULL.items() if name != field})
    assert ours.up(product(), less)["Price.monthly"] == "update"
    assert ours.refresh()["Price.monthly"] == "same"
    assert ours.up(product(), less)["Price.monthly"] == "same"


@pytest.mark.rule("cleared", "Price")
def test_cleared_at_stripe(engine: Engine, client: stripe.StripeClient) -> None:
    """Removing every optional field leaves nothing of them at Stripe but the marks of the owner and the type."""
    engine.up(product(), price(**FULL))
    engine.up(product(), price())
    now = data(found(client, engine))
    assert (now["lookup_key"], now["nickname"], list(now["currency_options"])) == (None, None, ["usd"])
    assert now["metadata"] == {"billing:stack": "billing/dev", "billing:key": "monthly", "billing:type": "flat"}


def test_a_removed_currency_disappears(engine: Engine, client: stripe.StripeClient) -> None:
    """One currency less is one currency less at Stripe; the others stay as declared."""
    engine.up(product(), price(**FULL))
    engine.up(product(), price(**{**FULL, "currency_options": {"eur": EUR}}))
    options = data(found(client, engine))["currency_options"]
    assert (sorted(options), options["eur"]["unit_amount"]) == (["eur", "usd"], 1100)


@pytest.mark.rule("marks", "Price")
def test_marks_tell_the_runtime_what_it_sells(engine: Engine, client: stripe.StripeClient) -> None:
    """Owner, type, trial, seats, limits and features are marks; the metadata output has none of them."""
    engine.up(product(), price(**FULL))
    assert data(found(client, engine))["metadata"] == {**MARKS, "a": "1", "b": "2"}
    assert engine.of("Price.monthly").outputs["metadata"] == {"a": "1", "b": "2"}


@pytest.mark.rule("marks", "Price")
@pytest.mark.parametrize(
    ("args", "kind"), [({}, "flat"), ({"recurring": None}, "one_time"), ({"seats": {"mode": "follow"}}, "per_seat")]
)
def test_the_type_is_a_mark(args: dict[str, Any], kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """The runtime asks first what type a price has."""
    ours.up(product(), price(**args))
    assert data(found(client, ours))["metadata"]["billing:type"] == kind


def test_a_metered_price_names_its_meter(ours: Engine, client: stripe.StripeClient) -> None:
    """A metered price is marked with its meter, so that the runtime finds it in any environment."""
    ours.up(product(), meter(), metered())
    metadata = data(found(client, ours, "Price.usage"))["metadata"]
    assert (metadata["billing:type"], metadata["billing:meter"]) == ("metered", "tokens")


@pytest.mark.rule("cleared", "Price")
def test_a_removed_metadata_key_is_unset(engine: Engine, client: stripe.StripeClient) -> None:
    """A metadata key that is no longer written disappears; those of others stay."""
    engine.up(product(), price(metadata={"a": "1", "b": "2"}))
    client.v1.prices.update(engine.of("Price.monthly").id, {"metadata": {"theirs": "x"}})
    engine.up(product(), price(metadata={"b": "2"}))
    assert own_metadata(found(client, engine)) == {"b": "2", "theirs": "x"}


@pytest.mark.rule("stock host", "Price")
@pytest.mark.rule("removed", "Price")
def test_delete_archives_and_gives_up_key_and_owner(engine: Engine, client: stripe.StripeClient) -> None:
    """Stripe keeps prices for ever: a removed one is archived, without lookup key and owner, in one write."""
    engine.up(product(), price(**FULL))
    old = engine.of("Price.monthly").id
    assert engine.up(product())["Price.monthly"] == "delete"
    now = data(client.v1.prices.retrieve(old))
    assert (now["active"], now["lookup_key"]) == (False, None)
    assert "billing:stack" not in now["metadata"]


@pytest.mark.rule("made again", "Price")
def test_the_lookup_key_is_free_after_destroy(engine: Engine, client: stripe.StripeClient) -> None:
    """What was destroyed can be created again, with the same lookup key."""
    engine.up(product(), price(**FULL))
    old = engine.of("Price.monthly").id
    engine.destroy()
    engine.up(product(), price(**FULL))
    new = found(client, engine)
    assert (new.active, new.lookup_key, new.id != old) == (True, "team_monthly", True)


def test_tax_behavior_is_set_once(engine: Engine) -> None:
    """From unspecified it changes in place; from then on a change makes a new price."""
    engine.up(product(), price())
    assert engine.up(product(), price(tax_behavior="exclusive"))["Price.monthly"] == "update"
    assert engine.up(product(), price(tax_behavior="exclusive"))["Price.monthly"] == "same"
    assert engine.up(product(), price(tax_behavior="inclusive"))["Price.monthly"] == "replace"


@pytest.mark.rule("written differently", "Price")
def test_unspecified_tax_behavior_is_no_change(ours: Engine) -> None:
    """Writing Stripe's default is the same as leaving it out."""
    ours.up(product(), price())
    written: dict[str, Any] = {"tax_behavior": "unspecified", "billing_scheme": "per_unit", "default": False}
    explicit = price(**written, recurring={**MONTHLY, "interval_count": 1, "usage_type": "licensed"})
    assert ours.up(product(), explicit)["Price.monthly"] == "same"


@pytest.mark.rule("drift", "Price")
def test_refresh_finds_drift(engine: Engine, client: stripe.StripeClient) -> None:
    """Drift on written fields is put right in place."""
    engine.up(product(), price(**FULL))
    client.v1.prices.update(engine.of("Price.monthly").id, {"nickname": "Hacked", "metadata": {"a": "9"}})
    assert engine.refresh()["Price.monthly"] == "update"
    assert engine.up(product(), price(**FULL))["Price.monthly"] == "update"
    now = found(client, engine)
    assert (now.nickname, own_metadata(now)) == ("Team, monthly", {"a": "1", "b": "2"})


@pytest.mark.rule("drift", "Price")
def test_refresh_finds_an_archived_price(engine: Engine, client: stripe.StripeClient) -> None:
    """No program writes ``active``, yet an archived price is drift and comes back to life."""
    engine.up(product(), price())
    client.v1.prices.update(engine.of("Price.monthly").id, {"active": False})
    assert engine.refresh()["Price.monthly"] == "update"
    assert engine.up(product(), price())["Price.monthly"] == "update"
    assert found(client, engine).active
    assert engine.refresh()["Price.monthly"] == "same"


def test_refresh_leaves_what_the_program_does_not_write(engine: Engine, client: stripe.StripeClient) -> None:
    """A nickname that somebody gave in the Dashboard stays."""
    engine.up(product(), price())
    client.v1.prices.update(engine.of("Price.monthly").id, {"nickname": "Theirs"})
    assert engine.refresh()["Price.monthly"] == "same"
    assert engine.up(product(), price())["Price.monthly"] == "same"
