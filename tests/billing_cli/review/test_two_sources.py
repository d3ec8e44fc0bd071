"""For any change of a catalog, its plan and the comparison of the two catalogs say the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from billing_resources.catalog.overrides import merged
from billing_resources.catalog.problems import InvalidCatalog
from tests.billing_cli.review.two_sources import Data, Stage, bare, side
from tests.end_to_end import everything

if TYPE_CHECKING:
    from stripe_emulator.server import Server

BASE: Data = YAML(typ="safe", pure=True).load(everything.CATALOG)
CHANGES = int(os.environ.get("BILLING_REVIEWS", "4"))
"""How many changes are planned; each runs the whole program and its host."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, stripe_emulator_server: Server) -> Iterator[Stage]:
    """A stack with every kind of object."""
    stripe_emulator_server.admin.reset()
    yield Stage.provision(tmp_path_factory.mktemp("sources") / "project", stripe_emulator_server.admin, BASE)
    stripe_emulator_server.admin.reset()


AMOUNTS = st.integers(0, 2000)
WORDS = st.sampled_from(["One", "Two", "Zürich 🦙"])
PATCHES: dict[tuple[str, ...], st.SearchStrategy[Any]] = {
    ("meters", "tokens", "display_name"): WORDS,
    ("meters", "words", "event_name"): st.sampled_from(["words", "written"]),
    ("alerts", "soon", "usage_threshold", "gte"): st.integers(1, 10**6),
    ("alerts", "soon", "status"): st.sampled_from(["active", "inactive"]),
    ("features", "sso"): st.fixed_dictionaries({"lookup_key": st.sampled_from(["sso", "saml"]), "name": WORDS}),
    ("plans", "team", "name"): WORDS,
    ("plans", "team", "rank"): st.integers(0, 3),
    ("plans", "team", "limits"): st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 9), max_size=2),
    ("plans", "team", "entitlements"): st.sampled_from([["sso"], ["audit", "sso"], []]),
    ("plans", "team", "prices", "seat", "unit_amount"): AMOUNTS,
    ("plans", "team", "prices", "seat", "trial_days"): st.sampled_from([None, 7, 14]),
    ("plans", "team", "prices", "seat", "seats"): st.sampled_from(["purchased", {"mode": "purchased", "minimum": 3}]),
    ("plans", "team", "prices", "yearly", "currency_options"): st.dictionaries(
        st.sampled_from(["eur", "gbp"]), st.fixed_dictionaries({"unit_amount": AMOUNTS}), max_size=2
    ),
    ("plans", "team", "prices", "tokens", "unit_amount_decimal"): st.sampled_from(["0.0015", "0.00150", "2", "0.003"]),
    ("plans", "team", "prices", "tokens", "recurring"): st.sampled_from(
        [{"interval": "month", "meter": "words"}, {"interval": "year", "meter": "tokens"}]
    ),
    ("plans", "team", "prices", "steps"): st.fixed_dictionaries(
        {
            "recurring": st.just("month"),
            "tiers_mode": st.sampled_from(["graduated", "volume"]),
            "tiers": st.lists(AMOUNTS, min_size=1, max_size=3).map(
                lambda amounts: [
                    {"up_to": 10 * number if number < len(amounts) else "inf", "unit_amount": amount}
                    for number, amount in enumerate(amounts, 1)
                ]
            ),
        }
    ),
    ("products", "support", "id"): st.sampled_from(["prod_support", "prod_help", None]),
    ("products", "support", "prices", "monthly", "metadata"): st.sampled_from([None, {"a.b": "1", "c": "2"}]),
    ("products", "more"): st.just({"name": "More", "prices": {"once": {"unit_amount": 5}}}),
    ("coupons", "summer", "percent_off"): st.sampled_from(["12.5", "25"]),
    ("coupons", "summer", "applies_to"): st.sampled_from([["team"], ["support", "team"]]),
    ("coupons", "five", "amount_off"): AMOUNTS.map(lambda amount: amount + 1),
    ("promotion_codes", "summer", "code"): st.sampled_from(["SUMMER26", "summer26", "SUMMER"]),
    ("promotion_codes", "five"): st.none(),
    ("portal", "self-service", "name"): st.sampled_from([None, "Portal"]),
    ("tax_rates", "vat", "percentage"): st.sampled_from(["19", "20.5"]),
    ("event_destinations", "meter-errors", "description"): WORDS,
    ("webhook_endpoints", "app", "rotate"): st.sampled_from([1, 2]),
    ("webhook_endpoints", "app", "enabled_events"): st.sampled_from(
        [["invoice.paid"], ["invoice.voided", "invoice.paid"]]
    ),
}


@st.composite
def heads(draw: st.DrawFn) -> Data:
    """The catalog with many of its places changed, and perhaps a section gone."""
    head = deepcopy(BASE)
    for place in draw(st.lists(st.sampled_from(list(PATCHES)), min_size=6, max_size=20, unique=True)):
        patch: Any = draw(PATCHES[place])
        for name in reversed(place):
            patch = {name: patch}
        head = merged(head, patch)
    for section in draw(st.lists(st.sampled_from(["alerts", "tax_rates", "event_destinations", "portal"]), max_size=1)):
        head.pop(section)
    return head


def _is_valid(head: Data) -> bool:
    try:
        side(head)
    except InvalidCatalog:
        return False
    return True


@settings(
    max_examples=CHANGES,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(head=heads().filter(_is_valid))
def test_the_plan_and_the_comparison_say_the_same(stage: Stage, head: Data) -> None:
    """Each changing object has the same operation, sides, plan and changed paths; all the others are there as well."""
    planned, compared = stage.both(head)
    assert planned.trouble == ()
    assert bare(planned) == bare(compared)
    assert {(one.kind, one.key) for one in planned.steps} == {(one.kind, one.key) for one in compared.steps}
    assert planned.plans == compared.plans
    assert not any(one.is_partial for one in planned.steps)


CASES: dict[str, Data] = {
    "nothing": {},
    "every kind in place": everything.IN_PLACE,
    "every kind by new ones": everything.BY_NEW_ONES,
    "a plan goes, with all that needs it": {
        "plans": {"team": None},
        "coupons": {"summer": None},
        "promotion_codes": {"summer": None},
        "portal": None,
    },
    "a plan comes, with all that needs it": {
        "plans": {
            "pro": {
                "name": "Pro",
                "prices": {
                    "monthly": {"unit_amount": 1, "recurring": "month"},
                    "yearly": {"unit_amount": 2, "recurring": "year"},
                },
            }
        },
        "coupons": {"pro": {"percent_off": "12.5", "applies_to": ["pro", "team"]}},
        "portal": {
            "more": {
                "features": {
                    "subscription_update": {
                        "enabled": True,
                        "default_allowed_updates": ["price"],
                        "products": [
                            {"product": "pro", "prices": ["pro.monthly", "pro.yearly"]},
                            {"product": "team", "prices": ["team.yearly"]},
                        ],
                    }
                }
            }
        },
    },
    "a plan becomes a product": {"plans": None, "products": {"team": BASE["plans"]["team"]}},
}


@pytest.mark.parametrize("case", CASES)
def test_changes_that_are_easily_told_differently(stage: Stage, case: str) -> None:
    """Replacements that take others along, objects that come together, and what changes its place."""
    planned, compared = stage.both(merged(BASE, CASES[case]))
    assert (planned.trouble, bare(planned)) == ((), bare(compared))
    assert planned.plans == compared.plans
