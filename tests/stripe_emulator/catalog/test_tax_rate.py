"""Tax rates, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000


def vat(**change: Any) -> Any:
    """Return the parameters of a tax rate."""
    return {"display_name": "VAT", "percentage": "7.7", "inclusive": False, **change}


def test_rate_is_shown_as_stripe_shows_it(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """What Stripe Tax would fill in is empty."""
    stripe_emulator.clock.set(NOW)
    rate = client.v1.tax_rates.create(vat(country="CH", jurisdiction="CH", tax_type="vat"))
    assert body(rate) == {
        "id": rate.id, "object": "tax_rate", "livemode": False, "active": True, "country": "CH", "created": NOW,
        "description": None, "display_name": "VAT", "effective_percentage": None, "flat_amount": None,
        "inclusive": False, "jurisdiction": "CH", "jurisdiction_level": None, "metadata": {}, "percentage": 7.7,
        "rate_type": "percentage", "state": None, "tax_type": "vat",
    }  # fmt: skip


@pytest.mark.real_stripe
@pytest.mark.belief("a tax rate has at most four decimals", "M")
@pytest.mark.parametrize(
    ("change", "param", "words"),
    [
        ({"percentage": "-1"}, "percentage", "between 0 and 100"),
        ({"percentage": "100.1"}, "percentage", "between 0 and 100"),
        ({"percentage": "7.12345"}, "percentage", "at most 4 decimal places"),
        ({"percentage": "much"}, "percentage", "Invalid decimal: much"),
        ({"display_name": "x" * 51}, "display_name", "at most 50"),
        ({"jurisdiction": "x" * 51}, "jurisdiction", "at most 50"),
        ({"state": "NYC"}, "state", "at most 2"),
        ({"country": "Suisse"}, "country", "2-character"),
        ({"tax_type": "tithe"}, "tax_type", "must be one of"),
        ({"inclusive": "maybe"}, "inclusive", "Invalid boolean"),
    ],
)
def test_bad_rate_is_refused(client: stripe.StripeClient, change: Any, param: str, words: str) -> None:
    """A rate is a percentage with at most four decimals."""
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        client.v1.tax_rates.create(vat(**change))
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.parametrize("name", ["display_name", "inclusive", "percentage"])
def test_rate_needs_its_essentials(client: stripe.StripeClient, name: str) -> None:
    """A name, a percentage, and whether prices include it."""
    params = {key: value for key, value in vat().items() if key != name}
    with pytest.raises(stripe.InvalidRequestError, match=f"Missing required param: {name}"):
        client.raw_request("post", "/v1/tax_rates", **params)


@pytest.mark.parametrize("name", ["percentage", "inclusive"])
def test_percentage_is_for_ever(client: stripe.StripeClient, name: str) -> None:
    """An immutable field is an unknown parameter of the update."""
    rate = client.v1.tax_rates.create(vat())
    with pytest.raises(stripe.InvalidRequestError, match=f"unknown parameter: {name}"):
        client.raw_request("post", f"/v1/tax_rates/{rate.id}", **{name: "1"})


@pytest.mark.real_stripe
@pytest.mark.belief('`""` clears description, country, state and jurisdiction of a tax rate', "M")
def test_labels_can_change_and_be_cleared(client: stripe.StripeClient) -> None:
    """Everything but the percentage and its inclusion."""
    rate = client.v1.tax_rates.create(vat(description="old", state="NY", metadata={"a": "1"}))
    change: Any = {"display_name": "Tax", "description": "", "state": "", "country": "US", "tax_type": "sales_tax"}
    change["metadata"] = {"b": "2"}
    shown = body(client.v1.tax_rates.update(rate.id, change))
    assert (shown["display_name"], shown["country"], shown["tax_type"]) == ("Tax", "US", "sales_tax")
    assert (shown["description"], shown["state"], shown["metadata"]) == (None, None, {"a": "1", "b": "2"})


@pytest.mark.real_stripe
@pytest.mark.belief("a tax rate's percentage is for ever, the labels can change, archiving can be undone", "S")
def test_archived_rate_can_come_back(client: stripe.StripeClient) -> None:
    """Archiving is not for good, and the only end there is."""
    rate = client.v1.tax_rates.create(vat())
    assert client.v1.tax_rates.update(rate.id, {"active": False}).active is False
    assert client.v1.tax_rates.update(rate.id, {"active": True}).active is True
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("delete", f"/v1/tax_rates/{rate.id}")


def test_rates_are_filtered(client: stripe.StripeClient) -> None:
    """All of them unless asked otherwise."""
    one = client.v1.tax_rates.create(vat(inclusive=True))
    two = client.v1.tax_rates.create(vat(active=False))
    found = client.v1.tax_rates.list
    assert [rate.id for rate in found().data] == [two.id, one.id]
    assert [rate.id for rate in found({"active": True}).data] == [one.id]
    assert [rate.id for rate in found({"inclusive": False}).data] == [two.id]


def test_unknown_rate_is_missing(client: stripe.StripeClient) -> None:
    """The error names the parameter of the address."""
    with pytest.raises(stripe.InvalidRequestError, match="No such tax rate: 'txr_nope'") as gone:
        client.v1.tax_rates.retrieve("txr_nope")
    assert (gone.value.http_status, gone.value.param) == (404, "tax_rate")


@pytest.mark.belief("percentages come back as JSON numbers with the digits they were sent with", "R")
@settings(max_examples=30, deadline=None)
@given(percentage=st.decimals(0, 100, places=4))
def test_percentage_comes_back_exactly(new_account: Callable[[], Any], percentage: Decimal) -> None:
    """Four decimals survive the way there and back."""
    rate = new_account().v1.tax_rates.create(vat(percentage=format(percentage.copy_abs(), "f")))
    assert Decimal(str(rate.percentage)) == percentage
