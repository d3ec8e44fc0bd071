"""The lines of a next invoice from Stripe's objects as the emulated Stripe never shows them."""

from __future__ import annotations

from typing import Any

import pytest

from billing_runtime import load_manifest
from billing_runtime.reading.entries import Entries
from billing_runtime.reading.upcoming import Upcoming

Json = dict[str, Any]
TIERS = [{"up_to": "inf", "unit_amount_decimal": "3", "flat_amount_decimal": None}]


def entries(manifest_data: Json, price: Json, currency: str = "eur") -> Entries:
    """One item of two seats at a price."""
    body = {"id": "sub_1", "currency": currency, "cancel_at": None, "created": 0, "trial_end": None}
    recurring = {"usage_type": "licensed", "interval": "month"}
    shown = {"currency": "usd", "product": {"id": "prod_team", "name": "Team"}, "recurring": recurring} | price
    item = {"id": "si_1", "quantity": 2, "current_period_start": 0, "current_period_end": 10, "price": shown}
    upcoming = Upcoming(body, [item], [], [], {}, [], credits_change=False)
    return Entries(load_manifest(manifest_data), upcoming, lambda *_: (0, True))


@pytest.mark.parametrize("shown", [{}, {"currency_options": {"eur": {"unit_amount_decimal": None}}}])
def test_tiers_of_another_currency_are_in_the_manifest(manifest_data: Json, shown: Json) -> None:
    """Where Stripe does not show a currency's tiers, those of the manifest must count."""
    ours = {"tiers": TIERS, "tiers_mode": "volume", "currency_options": {"eur": {"tiers": TIERS}}}
    manifest_data["prices"]["team.monthly"] |= ours | {"unit_amount_decimal": None}
    found = entries(manifest_data, {"id": "price_team", "billing_scheme": "tiered", "tiers_mode": "volume"} | shown)
    assert [(one.line.price, one.line.amount) for one in found.all()] == [("team.monthly", 6)]
    assert not found.left_out


@pytest.mark.parametrize("price", ["price_team", "price_unknown"])
def test_a_price_that_says_nothing_in_the_currency_is_named(manifest_data: Json, price: str) -> None:
    """What an item costs is never guessed: it has no line, and the forecast says so."""
    found = entries(manifest_data, {"id": price, "billing_scheme": "per_unit", "unit_amount_decimal": "4"})
    assert (list(found.all()), found.left_out) == ([], {"price"})
