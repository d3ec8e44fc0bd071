"""Amounts are exact, and equal amounts are equal however they are written."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from billing_resources._engine.amounts import MOST_MINOR_UNITS
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.programs import data, price, product


def in_tiers(**amount: Any) -> dict[str, Any]:
    """A graduated price whose last tier has this amount."""
    tiers = [{"up_to": 10, "unit_amount": 0}, {"up_to": "inf", **amount}]
    return {"tiers": tiers, "tiers_mode": "graduated"}


def in_euros(**amount: Any) -> dict[str, Any]:
    """A price with this amount in another currency."""
    return {"currency_options": {"eur": amount}}


def in_tiers_in_euros(**amount: Any) -> dict[str, Any]:
    """The same inside the tiers of another currency."""
    tiers = in_tiers(unit_amount=7)
    return {**tiers, "currency_options": {"eur": {"tiers": in_tiers(**amount)["tiers"]}}}


PLACES = [dict, in_tiers, in_euros, in_tiers_in_euros]
SAME = [
    ({"unit_amount_decimal": "0.0015000000"}, {"unit_amount_decimal": "0.0015"}),
    ({"unit_amount": 500}, {"unit_amount_decimal": "500.00"}),
    ({"unit_amount": 0}, {"unit_amount_decimal": "0.0"}),
    ({"unit_amount": MOST_MINOR_UNITS}, {"unit_amount_decimal": "999999999999.00"}),
    ({"unit_amount_decimal": "999999999998.9999999999990"}, {"unit_amount_decimal": "999999999998.999999999999"}),
]


@pytest.mark.rule("written differently", "Price")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("before", "after"), SAME)
def test_another_spelling_is_no_change(before: Any, after: Any, place: Any, ours: Engine) -> None:
    """The same amount in other digits replaces and updates nothing, in either direction."""
    ours.up(product(), price(**place(**before)))
    assert ours.up(product(), price(**place(**after)))["Price.monthly"] == "same"
    assert ours.up(product(), price(**place(**before)))["Price.monthly"] == "same"


@pytest.mark.rule("refreshed", "Price")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("amount", [one for pair in SAME for one in pair])
def test_refresh_does_not_respell(amount: Any, place: Any, ours: Engine) -> None:
    """What Stripe echoes in its own spelling is no drift."""
    declared = (product(), price(**place(**amount)))
    ours.up(*declared)
    assert ours.refresh()["Price.monthly"] == "same"
    assert ours.up(*declared)["Price.monthly"] == "same"


@pytest.mark.rule("replaced", "Price")
@pytest.mark.parametrize("place", [dict, in_tiers])
def test_another_amount_replaces(place: Any, ours: Engine) -> None:
    """A difference in the twelfth decimal is a difference."""
    ours.up(product(), price(**place(unit_amount_decimal="0.000000000001")))
    changed = price(**place(unit_amount_decimal="0.000000000002"))
    assert ours.up(product(), changed)["Price.monthly"] == "replace"


@pytest.mark.parametrize("amount", [{"unit_amount": MOST_MINOR_UNITS + 1}, {"unit_amount_decimal": "1000000000000"}])
@pytest.mark.parametrize("place", PLACES)
def test_more_than_stripes_maximum_is_refused(amount: Any, place: Any, ours: Engine, account: EmulatorClient) -> None:
    """In every place, however it is written, and before anything is sent."""
    with pytest.raises(Refused, match="999999999999"):
        ours.up(product(), price(**place(**amount)))
    assert account.count(path="/v1/prices") == 0


@pytest.mark.rule("written differently", "Price")
@pytest.mark.parametrize("currency", ["bhd", "jod", "kwd", "omr", "tnd", "jpy"])
@pytest.mark.parametrize("where", ["price", "option"])
def test_currencies_with_other_minor_units(currency: str, where: str, ours: Engine, client: Any) -> None:
    """Thousandths and whole ones are minor units as well: nothing counts on there being hundredths."""
    amount = {"unit_amount_decimal": "5120.0"}
    args = {**amount, "currency": currency} if where == "price" else {"currency_options": {currency: amount}}
    ours.up(product(), price(**args))
    found = data(client.v1.prices.retrieve(ours.of("Price.monthly").id, {"expand": ["currency_options"]}))
    assert found["currency_options"][currency]["unit_amount"] == 5120
    assert set(ours.refresh().values()) == {"same"}
    assert ours.up(product(), price(**args))["Price.monthly"] == "same"


@pytest.mark.parametrize("place", [in_euros, in_tiers_in_euros])
def test_a_currency_more_or_less_is_a_change(place: Any, ours: Engine) -> None:
    """What Stripe fills in for the price's own currency is none; a currency of the program is one, both ways."""
    more = {**place(unit_amount=5)}
    less = {name: value for name, value in more.items() if name != "currency_options"}
    for args in (less, more, less):
        ours.up(product(), price(**args))
        assert (ours.refresh()["Price.monthly"], ours.up(product(), price(**args))["Price.monthly"]) == ("same", "same")
        other = price(**(more if args is less else less))
        assert ours.preview(product(), other)["Price.monthly"] == "update"


def test_another_amount_in_another_currency_updates(ours: Engine) -> None:
    """Currency options can change in place."""
    ours.up(product(), price(**in_euros(unit_amount_decimal="0.5")))
    assert ours.up(product(), price(**in_euros(unit_amount_decimal="0.25")))["Price.monthly"] == "update"


@pytest.mark.parametrize(
    ("args", "sent"),
    [
        ({"unit_amount": 999999999999}, {"unit_amount": "999999999999"}),
        ({"unit_amount_decimal": "0.000000000001"}, {"unit_amount_decimal": "0.000000000001"}),
        ({"unit_amount": 0}, {"unit_amount": "0"}),
    ],
)
def test_amounts_are_sent_as_plain_digits(args: Any, sent: Any, ours: Engine, account: EmulatorClient) -> None:
    """No exponent, no rounding, no float: the digits of the program are the digits of the request."""
    ours.up(product(), price(**args))
    params = account.requests(method="POST", path="/v1/prices")[0]["params"]
    assert {name: params[name] for name in sent} == sent


def test_zero_is_an_amount(ours: Engine, client: stripe.StripeClient) -> None:
    """A price of nothing is a price, and so is a free first tier."""
    ours.up(product(), price("free", unit_amount=0), price("tiers", **in_tiers(unit_amount=3)))
    free = client.v1.prices.retrieve(ours.of("Price.free").id)
    tiers = data(client.v1.prices.retrieve(ours.of("Price.tiers").id, {"expand": ["tiers"]}))["tiers"]
    assert (free.unit_amount, tiers[0]["unit_amount"]) == (0, 0)
