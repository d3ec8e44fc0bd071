"""What differs between two stacks is told in business words, whole and once; what is each stack's own is not."""

from __future__ import annotations

from typing import Any

import pytest

from billing_review.parity.parity import compare
from tests.billing_review.parity.shops import GONE, TODAY, compared, environment, sentences, shop

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "amount": (
        {"prices__team.monthly__unit_amount_decimal": "1400"},
        ["Team monthly: 12.00 USD in staging, 14.00 USD in production"],
    ),
    "fine amount of a product without a plan": (
        {"prices__cloud.tokens__unit_amount_decimal": "0.45"},
        ["Cloud tokens: 0.004 EUR in staging, 0.0045 EUR in production"],
    ),
    "another currency, one without minor units": (
        {"prices__team.monthly__currency_options": {"jpy": {"unit_amount_decimal": "2100", "tiers": None}}},
        ["Team monthly, in JPY: 1,800 JPY in staging, 2,100 JPY in production"],
    ),
    "a currency less": (
        {"prices__team.monthly__currency_options": {}},
        ["Team monthly, in JPY: 1,800 JPY in staging, none in production"],
    ),
    "tier": (
        {
            "prices__team.volume__tiers": [
                {"up_to": 20, "unit_amount_decimal": "1200", "flat_amount_decimal": None},
                {"up_to": "inf", "unit_amount_decimal": "900", "flat_amount_decimal": "150"},
            ]
        },
        [
            "Team volume, tier 2: 9.505 USD in staging, 9.00 USD in production",
            "Team volume, tier 2, flat fee: 1.00 USD in staging, 1.50 USD in production",
        ],
    ),
    "other tiers": (
        {"prices__team.volume__tiers": [{"up_to": "inf", "unit_amount_decimal": "900", "flat_amount_decimal": None}]},
        [
            (
                "Team volume, tiers: 1 to 20: 12.00, 21 and more: 9.505 and 1.00 USD in staging, "
                "1 and more: 9.00 USD in production"
            )
        ],
    ),
    "trial": (
        {"prices__team.monthly__trial_days": 1},
        ["Team monthly, trial: 14 days in staging, 1 day in production"],
    ),
    "no trial": (
        {"prices__team.monthly__trial_days": None},
        ["Team monthly, trial: 14 days in staging, none in production"],
    ),
    "interval": (
        {"prices__team.monthly__interval": "year"},
        ["Team monthly, interval: month in staging, year in production"],
    ),
    "seats": (
        {"prices__team.monthly__seats": {"mode": "purchased", "minimum": 1, "maximum": None}},
        ["Team monthly, seats, mode: follow in staging, purchased in production"],
    ),
    "limit": (
        {"plans__team__limits": {"members": {"included": 5000, "per": "period", "overage": "block", "meter": None}}},
        [
            "Plan Team, limit members: 50 in staging, 5,000 in production",
            "Plan Team, limit members (per): lifetime in staging, period in production",
        ],
    ),
    "newer parts of a limit": (
        {
            "plans__team__limits": {
                "members": {"included": 50, "per": "lifetime", "overage": "block", "meter": None}
                | {"carry": "reset", "thresholds": [80, 100], "rollover": {"max": 5, "periods": 2}}
            }
        },
        [
            "Plan Team, limit members (carry): none in staging, reset in production",
            "Plan Team, limit members (thresholds): none in staging, 80, 100 in production",
            "Plan Team, limit members (rollover): none in staging, max 5, periods 2 in production",
        ],
    ),
    "a limit less": (
        {"plans__team__limits": {}},
        [
            "Plan Team, limit members: included 50, per lifetime, overage block in staging, none in production",
        ],
    ),
    "feature": (
        {"plans__team__features": {"sso": "extra"}},
        ["Plan Team, feature sso: included in staging, extra in production"],
    ),
    "name": (
        {"plans__team__name": "Crew"},
        ["Plan Team, name: Team in staging, Crew in production"],
    ),
    "alert": (
        {"alerts__many__gte": 90000},
        ["Alert many, threshold: 80,000 in staging, 90,000 in production"],
    ),
    "address that no stack declares": (
        {"webhook_endpoints__app__url": "https://app.example.com/stripe"},
        [
            (
                "Webhook endpoint app, address: https://staging.example.com/stripe in staging, "
                "https://app.example.com/stripe in production"
            )
        ],
    ),
    "meter": (
        {"meters__tokens__formula": "count"},
        ["Meter tokens, formula: sum in staging, count in production"],
    ),
    "missing price": (
        {"prices__team.monthly": GONE},
        ["Team monthly (12.00 USD): in staging, missing in production"],
    ),
    "missing endpoint": (
        {"webhook_endpoints": {}},
        ["Webhook endpoint app: in staging, missing in production"],
    ),
    "section that came later": (
        {"tickets": {"gold": {"id": "tkt_1", "level": 3}}},
        ["Tickets gold: in production, missing in staging"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_difference_is_told(case: str) -> None:
    """Both sides with their stacks, amounts in their currency, and nothing else."""
    change, told = CASES[case]
    assert sentences(compared(change)) == told


@pytest.mark.parametrize(
    "change",
    [
        {"account": "acct_other", "livemode": True, "project": "other", "api_version": "2027-01-01.fir"},
        {"catalog_digest": "sha256:1"},
        {"prices__team.monthly__id": None, "meters__tokens__id": "mtr_9"},
        {"webhook_endpoints__app__api_version": "2025-01-01.acacia"},
        {"prices__team.monthly__unit_amount_decimal": "1200.00"},
        {
            "prices__team.volume__tiers": [
                {"up_to": 20, "unit_amount_decimal": "1200", "flat_amount_decimal": "0"},
                {"up_to": "inf", "unit_amount_decimal": "950.50", "flat_amount_decimal": "100"},
            ]
        },
        {"coupons": {}, "prices__cloud.tokens__currency_options": None},
        {"retired": {"prices": {"team.old": {}}}},
    ],
)
def test_what_is_each_stacks_own_is_no_difference(change: dict[str, Any]) -> None:
    """Ids, account, mode, API version; an amount written otherwise, a fee of nothing, a section without entries."""
    assert compared(change).is_equal
    assert sentences(compared(change)) == []


def test_a_part_inside_of_a_limit_is_told_by_its_place() -> None:
    """Where both sides roll over, what differs is the most of it and for how long."""
    limit = {"included": 50, "per": "lifetime", "overage": "block", "meter": None}
    one, other = (
        environment(shop(name, plans__team__limits={"members.all": limit | {"rollover": {"max": most, "periods": 2}}}))
        for name, most in (("a", 5), ("b", 7))
    )
    assert sentences(compare([one, other], TODAY)) == ["Plan Team, limit members.all (rollover, max): 5 in a, 7 in b"]


def test_an_address_that_a_stack_declares_is_its_own() -> None:
    """The overrides of one of the two are enough."""
    production = shop("production", webhook_endpoints__app__url="https://app.example.com/stripe")
    own = frozenset({("WebhookEndpoint", "app")})
    assert compare([environment(shop(), own=own), environment(production)], TODAY).is_equal
    assert compare([environment(shop()), environment(production, own=own)], TODAY).is_equal


def test_the_order_of_an_audience_means_nothing() -> None:
    """It is a set."""
    one, other = (["user", "organization"], ["organization", "user"])
    both = [environment(shop("a", plans__team__audience=one)), environment(shop("b", plans__team__audience=other))]
    assert compare(both, TODAY).is_equal


def test_each_is_compared_with_the_one_before() -> None:
    """In promotion order; or each with the first, when that is asked."""
    stacks = [environment(shop(name)) for name in "ab"]
    dearer = environment(shop("c", **{"prices__team.monthly__unit_amount_decimal": "1400"}))
    in_order = compare(
        [*stacks, dearer, environment(shop("d", **{"prices__team.monthly__unit_amount_decimal": "1400"}))], TODAY
    )
    assert [(pair.first.stack, pair.second.stack, len(pair.open)) for pair in in_order.pairs] == [
        ("a", "b", 0),
        ("b", "c", 1),
        ("c", "d", 0),
    ]
    first = compare([*stacks, dearer], TODAY, against_first=True)
    assert [(pair.first.stack, pair.second.stack, len(pair.open)) for pair in first.pairs] == [
        ("a", "b", 0),
        ("a", "c", 1),
    ]


def test_two_stacks_in_one_account_are_noted() -> None:
    """One account for each stack is the recommended set-up."""
    both = [environment(shop("a", account="acct_1")), environment(shop("b", account="acct_1"))]
    assert compare(both, TODAY).notes == ("a and b are in one account, acct_1",)
