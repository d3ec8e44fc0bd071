"""Rules over the whole catalog."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from billing_resources.catalog.loader import Catalog
from tests.billing_resources.catalog.conftest import Said

REFUSED = {
    "plans: {a: {name: A, prices: {x: {unit_amount: 1, lookup_key: k}, y: {unit_amount: 1, lookup_key: k}}}}": (
        "plans.a.prices.y.lookup_key: is the lookup_key of plans.a.prices.x already: choose another"
    ),
    "meters: {a: {display_name: A, event_name: e, default_aggregation: sum}, "
    "b: {display_name: B, event_name: e, default_aggregation: sum}}": (
        "meters.b.event_name: is the event_name of meters.a already: choose another"
    ),
    "plans: {a: {name: A, id: prod_x}}\nproducts: {b: {name: B, id: prod_x}}": (
        "products.b.id: is the id of plans.a already: choose another"
    ),
    "plans: {a: {name: A}}\nproducts: {a: {name: B}}": (
        "products.a: is the name of plans.a already: a plan is a product, too"
    ),
    "plans: {a: {name: A, prices: {x: {unit_amount: 1, default: true}, y: {unit_amount: 1, default: true}}}}": (
        "plans.a.prices.y.default: plans.a.prices.x is the default price already: choose one"
    ),
    "plans: {a: {name: A, free: true}, b: {name: B, free: true, audience: [user]}}": (
        "plans.b.free: plans.a is the free plan for user already: there can be one"
    ),
    "plans: {a: {name: A, limits: {x: {included: 1, meter: m}}}}": (
        "plans.a.limits.x.meter: names no meter of this catalog: there are none"
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_entries_that_disagree_are_refused(said: Said, text: str) -> None:
    """The later entry is the problem, and the earlier one is named."""
    (problem,) = said(f"version: 1\ncurrency: usd\n{text}")
    assert problem.split(": ", 1)[1] == REFUSED[text]


@pytest.mark.parametrize(
    "text",
    [
        "plans: {a: {name: A, free: true, audience: [user]}, b: {name: B, free: true, audience: [organization]}}",
        "plans: {a: {name: A, prices: &p {x: {unit_amount: 1, default: true}}}, b: {name: B, prices: *p}}",
    ],
)
def test_entries_that_agree_are_taken(load: Callable[..., Catalog], text: str) -> None:
    """One free plan for each audience, and one default price for each product."""
    assert load(f"version: 1\ncurrency: usd\n{text}").entries
