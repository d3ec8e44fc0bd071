"""What a plan includes is free on the price that bills what is beyond it: else customers pay for it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billing_resources as billing
from billing_resources._engine.included_rules import included_is_free
from billing_resources.catalog.loader import Catalog
from tests.billing_resources.catalog.conftest import Said
from tests.billing_resources.test_declarations import refusal

TOP = """\
version: 1
currency: usd
meters:
  tokens: {display_name: Tokens, event_name: tokens, default_aggregation: sum}
  calls: {display_name: Calls, event_name: calls, default_aggregation: sum}
plans:
  ai:
    name: AI
    limits: {tokens: {included: 1000, overage: bill, meter: tokens}}
    prices:
      usage:
        recurring: {interval: month, meter: tokens}
"""
LAST = "{up_to: inf, unit_amount: 2}"
FREE = "{up_to: 1000, unit_amount: 0}"
SAID = "bills what limits.tokens includes, 1000: begin with the tier {up_to: 1000, unit_amount: 0}"
INSTEAD = "or let this price include 0"
GRADUATED, OTHERWISE = f"{SAID}, {INSTEAD}", f"{SAID} under tiers_mode: graduated, {INSTEAD}"
UNLIMITED = "is unlimited, but this price bills its meter: nothing is beyond unlimited, so remove one"
PERIOD = "is billed beyond it, so it counts per period: Stripe's tiers begin anew with each"
WHERE = "plans.ai.prices.usage"


def price(lines: str) -> str:
    """The catalog with one metered price of these lines, from line 13 on."""
    return TOP + indent(lines, " " * 8)


DAILY = "limits: {tokens: {included: 1000, per: day, overage: bill, meter: tokens}}"
REFUSED = {
    "unit_amount: 4": [f"catalog.yaml:11:7: {WHERE}: {OTHERWISE}"],
    "unit_amount: 4\ntransform_quantity: {divide_by: 1000, round: up}": [f"catalog.yaml:11:7: {WHERE}: {OTHERWISE}"],
    "unit_amount: 4\ntransform_quantity: {divide_by: 1000, round: down}": [f"catalog.yaml:11:7: {WHERE}: {OTHERWISE}"],
    f"tiers_mode: graduated\ntiers: [{LAST}]": [f"catalog.yaml:14:9: {WHERE}.tiers: {GRADUATED}"],
    f"tiers_mode: volume\ntiers: [{FREE}, {LAST}]": [f"catalog.yaml:14:9: {WHERE}.tiers: {OTHERWISE}"],
    f"tiers_mode: graduated\ntiers: [{{up_to: 999, unit_amount: 0}}, {LAST}]": [
        f"catalog.yaml:14:9: {WHERE}.tiers: {GRADUATED}"
    ],
    f"tiers_mode: graduated\ntiers: [{{up_to: 2000, unit_amount: 0}}, {LAST}]": [
        f"catalog.yaml:14:9: {WHERE}.tiers: {GRADUATED}"
    ],
    f"tiers_mode: graduated\ntiers: [{{up_to: 1000, unit_amount: 0, flat_amount: 1}}, {LAST}]": [
        f"catalog.yaml:14:9: {WHERE}.tiers: {GRADUATED}"
    ],
    f'tiers_mode: graduated\ntiers: [{{up_to: 1000, unit_amount_decimal: "0.0001"}}, {LAST}]': [
        f"catalog.yaml:14:9: {WHERE}.tiers: {GRADUATED}"
    ],
    "tiers_mode: graduated\ntiers: [{up_to: inf, unit_amount: 0}]": [f"catalog.yaml:14:9: {WHERE}.tiers: {GRADUATED}"],
    f"tiers_mode: graduated\ntiers: [{FREE}, {LAST}]\ncurrency_options:\n  eur: {{tiers: [{LAST}]}}\n"
    f"  gbp: {{tiers: [{FREE}, {LAST}]}}\n  sek: {{tiers: [{{up_to: 1000, unit_amount: 1}}, {LAST}]}}": [
        f"catalog.yaml:16:17: {WHERE}.currency_options.eur.tiers: {GRADUATED}",
        f"catalog.yaml:18:17: {WHERE}.currency_options.sek.tiers: {GRADUATED}",
    ],
    "unit_amount: 4\nlimits: {tokens: {included: unlimited, overage: bill, meter: tokens}}": [
        f"catalog.yaml:14:18: {WHERE}.limits.tokens: {UNLIMITED}"
    ],
    f"tiers_mode: graduated\ntiers: [{FREE}, {LAST}]\n{DAILY}": [
        f"catalog.yaml:15:18: {WHERE}.limits.tokens: {PERIOD}"
    ],
}


@pytest.mark.parametrize("lines", REFUSED)
def test_a_price_that_bills_what_is_included_is_refused(said: Said, lines: str) -> None:
    """At the tiers, or at the price where there are none; each currency is told for itself."""
    found = said(price(lines))
    assert found == REFUSED[lines]


TAKEN = [
    f"tiers_mode: graduated\ntiers: [{FREE}, {LAST}]",
    f'tiers_mode: graduated\ntiers: [{{up_to: 1000, unit_amount_decimal: "0.00", flat_amount: 0}}, {LAST}]',
    f"tiers_mode: graduated\ntiers: [{{up_to: 10, unit_amount: 0}}, {FREE}, {LAST}]",
    "unit_amount: 4\nlimits: {tokens: {included: 0, overage: bill, meter: tokens}}",
    "unit_amount: 4\nlimits: {tokens: {included: 1000, overage: allow, meter: tokens}}",
    "unit_amount: 4\nlimits: {tokens: {included: 1000, overage: bill, meter: calls}}",
]


@pytest.mark.parametrize("lines", TAKEN)
def test_a_price_that_bills_only_what_is_beyond_is_taken(load: Callable[..., Catalog], lines: str) -> None:
    """Free tiers up to what is included, nothing included, nothing billed, or another meter."""
    assert load(price(lines)).entries


def test_a_price_without_the_meter_is_free_to_include(load: Callable[..., Catalog]) -> None:
    """A base fee has its plan's limits as well; another price bills what is beyond them."""
    assert load(TOP.replace("recurring: {interval: month, meter: tokens}", "unit_amount: 500")).entries


AMOUNTS: list[dict[str, Any]] = [
    {"unit_amount": 0},
    {"unit_amount": 3},
    {"unit_amount_decimal": "0.0"},
    {"flat_amount": 7},
]
amounts = st.sampled_from(AMOUNTS)


@st.composite
def graduated(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Tiers of a graduated price."""
    bounds = sorted(draw(st.sets(st.integers(1, 30), max_size=4)))
    return [{"up_to": bound, **draw(amounts)} for bound in [*bounds, "inf"]]


def cost(tiers: list[dict[str, Any]], quantity: int) -> int:
    """What Stripe charges for a quantity, tier by tier."""
    total, lower = 0, 0
    for tier in tiers:
        upper = quantity if tier["up_to"] == "inf" else min(tier["up_to"], quantity)
        if upper > lower:
            total += (upper - lower) * tier.get("unit_amount", 0) + tier.get("flat_amount", 0)
            lower = upper
    return total


@given(graduated(), st.integers(1, 31))
def test_refused_exactly_where_customers_would_pay(tiers: list[dict[str, Any]], included: int) -> None:
    """Nothing is charged for what is included, and the first unit beyond it is charged: else it is refused."""
    price = {"tiers": tiers, "tiers_mode": "graduated"}
    limit = {"included": included, "overage": "bill", "meter": "tokens"}
    fits = cost(tiers, included) == 0 and cost(tiers, included + 1) > 0
    assert (not list(included_is_free(price, "tokens", limit))) == fits


def test_the_same_is_refused_in_a_program() -> None:
    """A price and the meter that it bills are known to each other there as well."""

    def program() -> None:
        tokens = billing.Meter("tokens", display_name="T", event_name="tokens", default_aggregation={"formula": "sum"})
        billing.Price(
            "ai.usage",
            product="prod_1",
            currency="usd",
            unit_amount=4,
            recurring={"interval": "month", "usage_type": "metered", "meter": tokens.id},
            limits={"tokens": {"included": 1000, "overage": "bill", "meter": "tokens"}},
        )

    said, ran = refusal(program)
    assert said[1:] == [OTHERWISE]
    assert {name for _, name in ran.names} == {"tokens"}
