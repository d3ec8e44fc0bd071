"""No sentence about a catalog is without a fix of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from billing_resources._engine.validation import TODAY
from billing_resources.catalog.mending import names, rules, values
from billing_resources.catalog.mending.mended import UNKNOWN
from tests.billing_resources.catalog.mending.mend import TOP, mended, problems
from tests.billing_resources.catalog.test_bad_input import PRICES, REST, price
from tests.billing_resources.catalog.test_checks import REFUSED
from tests.billing_resources.catalog.test_overrides import BLAMED, CATALOG

ROOM = Path(__file__).parents[4] / "billing_resources"
SPEAKING = [
    *(ROOM / "_engine").glob("*_rules.py"),
    *(
        ROOM / "_engine" / f"{name}.py"
        for name in ("amounts", "currencies", "ceilings", "rules", "portal", "validation")
    ),
    *(ROOM / "catalog" / f"{name}.py" for name in ("checks", "portal_checks", "document", "loader", "models", "names")),
]
"""The modules whose sentences are about catalogs."""
ABOUT = r"(is|are|needs?|must|cannot|takes|belongs?|has|lets|allows|names|contains|removes|bills) "
HALVES = {"is not a field of 55", "has 5 keys, and the marks of this package take 5 more"}
"""Beginnings that a second text completes."""
PATTERNS = [pattern for pattern, _ in (*names.ROWS, *values.ROWS, *rules.TEXTS)]
HOOK = "url: 'https://a.com/x', enabled_events: ['*']"
PERCENT = 'write a number from 0.01 to 100: 25, or in quotes with up to 4 decimals: "12.5"'
FRAGMENTS = {
    "coupons: {a: {percent_off: 12.5}}": 'write "12.5"',
    "coupons: {a: {percent_off: lots}}": PERCENT,
    "coupons: {a: {percent_off: '150'}}": PERCENT,
    "coupons: {a: {percent_off: 0}}": "write a percentage of at least 0.01, or remove the coupon",
    "coupons: {a: {amount_off: 0}}": "write an amount above 0, or remove the coupon",
    "coupons: {a: {duration: once}}": "add percent_off: 25, or amount_off: 500 with a currency",
    "coupons: {a: {percent_off: 5, amount_off: 5}}": "remove amount_off or percent_off",
    "coupons: {a: {percent_off: 5, currency: eur}}": "remove it, or write amount_off in place of percent_off",
    "coupons: {a: {percent_off: 5, duration: repeating}}": (
        "add duration_in_months: 3, or write duration: once or forever"
    ),
    "coupons: {a: {percent_off: 5, duration_in_months: 5}}": "remove duration_in_months, or write duration: repeating",
    "coupons: {a: {amount_off: 5, currency_options: {usd: {amount_off: 5}}}}": (
        "remove this currency, or change the own one"
    ),
    "promotion_codes: {a: {promotion: summer, code: A}}": "declare it under coupons, or remove this line",
    "event_destinations: {a: {name: A, enabled_events: [v1.x], type: amazon_eventbridge}}": (
        "add amazon_eventbridge, or remove type"
    ),
    "webhook_endpoints: {a: {url: 'https://a.com', enabled_events: [invoice.payd]}}": (
        "write invoice.paid or invoice.overpaid or invoice.updated, or add allow_unknown_events: true"
    ),
    "webhook_endpoints: {a: {url: 'https://a.com', enabled_events: [moon.rise]}}": (
        "write one of Stripe's events, or add allow_unknown_events: true"
    ),
    "webhook_endpoints: {a: {url: 'https://a.com', enabled_events: ['*'], retired: 1}}": (
        "write a number below 1, or remove the endpoint"
    ),
    f"webhook_endpoints: {{a: {{{HOOK.replace('https://', '')}}}}}": (
        "write the address with https:// before it, such as https://app.example.com/stripe"
    ),
    "plans: {a: {name: A, limits: {x: {included: 1, meter: 'm m'}}}}": "declare it under meters, or remove this line",
    "plans: {a: {name: A, prices: {p: {unit_amount: 5, seats: follow}}}}": "add recurring: month, or remove seats",
    "plans: {a: {name: A, prices: {p: {unit_amount: 5, currency_options: {usd: {unit_amount: 5}}}}}}": (
        "remove this currency, or change the price's own"
    ),
    "plans: {a: {name: A, prices: {p: {unit_amount: 5, currency_options: {eur: {}}}}}}": (
        "keep one of unit_amount, unit_amount_decimal, tiers"
    ),
    "plans: {a: {name: A, prices: {p: {unit_amount: 5, tiers_mode: volume}}}}": "add tiers, or remove tiers_mode",
    "plans: {a: {name: A, prices: {p: {recurring: month, tiers: [{up_to: inf, unit_amount: 5}]}}}}": (
        "add tiers_mode: graduated (each unit at its own tier) or tiers_mode: volume"
    ),
    "plans: {a: {name: A, prices: {p: {recurring: month, tiers_mode: volume, tiers: [{up_to: inf}]}}}}": (
        "add one of unit_amount, unit_amount_decimal, flat_amount, flat_amount_decimal: unit_amount: 1200 is 12.00 USD"
    ),
    "plans: {a: {name: A, prices: {p: {unit_amount: 5, recurring: {interval: year, interval_count: 4}}}}}": (
        "write 3, or less"
    ),
    "products: {a: {name: A, prices: {p: {recurring: day, seats: {mode: follow, minimum: 5, maximum: 2}}}}}": (
        "write a maximum of at least the minimum"
    ),
    "plans: {a: {name: A, features: {sso: ''}, prices: {p: {unit_amount: 5}}}}": "write a text, or remove the line",
    "portal: {a: {features: {subscription_update: {enabled: true}}}}": ("add products: [{product: …, prices: […]}]"),
    "portal: {a: {features: {subscription_cancel: {enabled: true, proration_behavior: always_invoice}}}}": (
        "write proration_behavior: none"
    ),
    "portal: {a: {features: {subscription_cancel: {enabled: true, proration_behavior: create_prorations}}}}": (
        "write mode: immediately, or remove proration_behavior"
    ),
}


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_fix_in_words(fragment: str) -> None:
    """What is said of coupons, portals, destinations and the rest has its fix as well."""
    assert FRAGMENTS[fragment] in [one.fix.text for one in problems(f"{TOP}{fragment}\n")]


@pytest.mark.parametrize("text", [*map(price, PRICES), *REST, *(TOP + text for text in REFUSED)])
def test_nothing_that_is_refused_is_without_a_fix(text: str) -> None:
    """Every refusal that the other tests know of says what to write, and what is mechanical mends."""
    found = problems(text)
    assert found
    assert UNKNOWN not in [one.fix for one in found]
    edited = [one.problem for one in found if one.fix.edit is not None]
    left = [one.problem for one in problems(mended(text, found))]
    assert not {(one.path, one.sentence) for one in edited} & {(one.path, one.sentence) for one in left}


@pytest.mark.parametrize("problem", BLAMED)
def test_nothing_that_an_override_breaks_is_without_a_fix(problem: str) -> None:
    """The same for the patches of stacks."""
    (found,) = problems(CATALOG, cast("dict[str, Any]", BLAMED[problem]))
    assert found.fix != UNKNOWN


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module, docstrings left out; what is filled in is the number 5."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    expressions = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    parts = [part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values]
    left_out = {id(node) for node in [*expressions, *parts]}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "5" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


def test_every_sentence_of_the_rules_is_known() -> None:
    """Whoever writes a new rule gives its sentence a fix: this fails until then."""
    found = {re.sub(r"{(code|most)}", "5", text) for path in SPEAKING for text in sentences(path)}
    said = {text for text in found if re.match(ABOUT, text) and text.count(" ") > 1} - HALVES - {*TODAY.values()}
    unknown = {text for text in said if not any(re.match(pattern, text) for pattern in PATTERNS)}
    assert len(said) > 70
    assert sorted(unknown) == []
