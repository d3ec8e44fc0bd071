"""What a price is called."""

from __future__ import annotations

from typing import Any

import pytest

from billing_review.steps import Change, Source
from billing_review.telling.price.titles import price_titles
from tests.billing_review.telling.builders import AI, GRADUATED, SEAT, TEAM, TOKENS, USAGE, VOLUME, gone, new, same

MONTH = {"interval": "month"}


@pytest.mark.parametrize(
    ("args", "title"),
    [
        ({"recurring": MONTH}, "Team, monthly fee"),
        ({"recurring": MONTH, "seats": {"mode": "follow"}}, "Team, monthly seat"),
        ({"recurring": {"interval": "year"}}, "Team, yearly fee"),
        ({"recurring": {"interval": "month", "interval_count": 3}}, "Team, quarterly fee"),
        ({"recurring": {"interval": "month", "interval_count": 6}}, "Team, half-yearly fee"),
        ({"recurring": {"interval": "week", "interval_count": 2}}, "Team, fee every 2 weeks"),
        ({"recurring": {"interval": "day"}}, "Team, daily fee"),
        ({}, "Team, one-time fee"),
        ({"recurring": {**MONTH, "meter": "tokens"}}, "Team, monthly usage of AI tokens"),
        ({"recurring": {**MONTH, "meter": "mtr_1"}}, "Team, monthly usage of mtr_1"),
        ({"recurring": {**MONTH, "usage_type": "metered"}}, "Team, monthly usage"),
        ({"recurring": MONTH, "tiers": [{"up_to": "inf", "unit_amount": 1}]}, "Team, monthly unit"),
        ({"product": "prod_1", "nickname": "Old plan"}, "Old plan"),
        ({"product": "prod_1"}, "price.key"),
    ],
)
def test_one_price(args: dict[str, Any], title: str) -> None:
    """Its product, how often, what for; a nickname, or else its key, where the product is not known."""
    price = same("Price", "price.key", **{"product": "team", "currency": "usd", **args})
    assert price_titles(Change(Source("plan"), (TEAM, TOKENS, price)))["price.key"] == title


def test_prices_that_would_have_one_title() -> None:
    """They are told apart by how they count, then by their nicknames, then by their keys."""
    packages = {**USAGE.args, "transform_quantity": {"divide_by": 1000, "round": "up"}}
    steps = (
        TEAM,
        AI,
        TOKENS,
        SEAT,
        VOLUME,
        GRADUATED,
        new("Price", "ai.packs", **packages),
        new("Price", "ai.cheap", **{**packages, "nickname": "Assistant, cheap"}),
        new("Price", "ai.other", **{**packages, "nickname": "For schools"}),
        gone("Price", "ai.old", **packages),
    )
    assert price_titles(Change(Source("plan"), steps)) == {
        "team.monthly": "Team, monthly seat",
        "team.volume": "Team, monthly seat in volume tiers",
        "team.graduated": "Team, monthly seat in graduated tiers",
        "ai.packs": "Assistant, monthly usage of AI tokens (ai.packs)",
        "ai.cheap": "Assistant, monthly usage of AI tokens (cheap)",
        "ai.other": "Assistant, monthly usage of AI tokens (For schools)",
        "ai.old": "Assistant, monthly usage of AI tokens (ai.old)",
    }
