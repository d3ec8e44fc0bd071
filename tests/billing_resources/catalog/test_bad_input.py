"""What a catalog may not say: each problem with its line, all of them at once."""

from __future__ import annotations

from textwrap import indent

import pytest

from tests.billing_resources.catalog.conftest import Said

TOP = """\
version: 1
currency: usd
meters:
  tokens:
    display_name: Tokens
    event_name: tokens
    default_aggregation: sum
plans:
  team:
    name: Team
    prices:
      monthly:
"""
WHERE = "plans.team.prices.monthly"
AMOUNTS = "unit_amount, unit_amount_decimal, tiers"
RESERVED = "begins with billing:, limits: or features:, which are reserved for the marks of this package"


def price(lines: str) -> str:
    """A catalog with one price of these lines; they begin in line 13, column 9."""
    return TOP + indent(lines, " " * 8)


PRICES = {
    "unit_amount: 12.00": (13, ".unit_amount: is a whole number in minor units: 1200, not 12.00 or '1200'"),
    'unit_amount: "1200"': (13, ".unit_amount: is a whole number in minor units: 1200, not 12.00 or '1200'"),
    "unit_amount: true": (13, ".unit_amount: is a whole number in minor units: 1200, not 12.00 or '1200'"),
    "unit_amount: -1": (13, ".unit_amount: must be greater than or equal to 0"),
    "unit_amount:": (13, ".unit_amount: takes a whole number"),
    "unit_amount_decimal: 0.0015": (
        13,
        '.unit_amount_decimal: is a decimal in minor units, written as a quoted string: "0.0015"',
    ),
    'unit_amount_decimal: "-1"': (13, ".unit_amount_decimal: must not be negative"),
    'unit_amount_decimal: "0.1234567890123"': (
        13,
        ".unit_amount_decimal: has more than 12 decimal places, the most that Stripe keeps",
    ),
    'unit_amount: 1\nunit_amount_decimal: "1"': (
        14,
        f".unit_amount_decimal: cannot be given together with unit_amount: choose one of {AMOUNTS}",
    ),
    "recurring: month": (12, ": needs an amount: one of unit_amount, unit_amount_decimal and tiers"),
    "recurring: monthly\nunit_amount: 1": (13, ".recurring.interval: must be 'day', 'week', 'month' or 'year'"),
    "recurring: month\ntiers_mode: volume\ntiers:\n  - {up_to: 5, unit_amount: 1}": (
        16,
        '.tiers[0].up_to: must be "inf": the last tier has no end',
    ),
    "tiers_mode: volume\ntiers:\n  - {up_to: inf, unit_amount: 1}": (
        14,
        ".tiers: need a recurring price: a one-time price has one amount",
    ),
    "unit_amount: 1\nrecurring: {interval: month, usage_type: metered}": (
        14,
        ".recurring.meter: is required for a metered price: the id of the meter whose usage is billed",
    ),
    "unit_amount: 1\nrecurring: {interval: month, usage_type: licensed, meter: tokens}": (
        14,
        '.recurring.meter: belongs to a metered price: add "usage_type": "metered", or remove the meter',
    ),
    "unit_amount: 1\nrecurring: {interval: month, meter: token}": (
        14,
        ".recurring.meter: names no meter of this catalog: did you mean tokens?",
    ),
    "unit_amount: 1\nrecurring: {interval: month, aggregate_usage: sum}": (
        14,
        ".recurring.aggregate_usage: is gone: the meter's default_aggregation says how usage adds up",
    ),
    "unit_amount: 1\ntransform_usage: {divide_by: 5}": (
        14,
        '.transform_usage: is spelled transform_quantity today: {"divide_by": …, "round": "up"}',
    ),
    "unit_amount: 1\ncurrency: dollars": (
        14,
        ".currency: is not a currency that Stripe knows; write its ISO code, such as usd",
    ),
    "unit_amount: 1\nlimits: {seats: {included: 5, meter: token}}": (
        14,
        ".limits.seats.meter: names no meter of this catalog: did you mean tokens?",
    ),
    "unit_amount: 1\nlimits: {seats: lots}": (
        14,
        ".limits.seats.included: takes a whole number, or must be 'unlimited'",
    ),
    "unit_amount: 1\nlookup_kee: x": (
        14,
        ".lookup_kee: is not a field of catalog.plans.team.prices.monthly: did you mean lookup_key?",
    ),
    'unit_amount: 1\nlimits: {"": 5}': (
        14,
        ".limits.: takes a name of 1 to 33 characters, which is what Stripe's metadata has room for",
    ),
    "unit_amount: 1\nfeatures: {a.b: '1', 'c[d]': '1'}": (
        14,
        ".features.c[d]: takes a name without square brackets",
    ),
    'unit_amount: 1\nmetadata: {"billing:key": x}': (
        14,
        f".metadata.billing:key: {RESERVED}",
    ),
}


@pytest.mark.parametrize("lines", PRICES)
def test_a_wrong_price_is_one_problem_at_its_line(said: Said, lines: str) -> None:
    """The file, the line and the path are told, with what to write instead."""
    line, sentence = PRICES[lines]
    (problem,) = said(price(lines))
    spot, path_and_sentence = problem.split(": ", 1)
    assert spot.rpartition(":")[0] == f"catalog.yaml:{line}"
    assert path_and_sentence == f"{WHERE}{sentence}"


REST = {
    "": "1:1: is empty: a catalog begins with the line version: 1",
    "- version": "1:1: is not a catalog: it takes sections such as version, meters and plans at the top",
    "{}": "1:1: version: is required",
    "version: 2": "1:1: version: must be 1",
    "version: 1\nplan: {}": "2:1: plan: is not a field of catalog: did you mean plans?",
    "version: 1\nplans: {te.am: {name: T}}": (
        "2:9: plans.te.am: is not a name: write letters, digits, - and _, beginning with a letter"
    ),
    "version: 1\nplans: {team: Team}": "2:9: plans.team: takes an object with named fields",
    "version: 1\nplans: {team: {}}": "2:9: plans.team.name: is required",
    "version: 1\nplans: {team: {name: T, audiance: [user]}}": (
        "2:25: plans.team.audiance: is not a field of catalog.plans.team: did you mean audience?"
    ),
    "version: 1\nplans: {team: {name: T, audience: [users]}}": (
        "2:36: plans.team.audience[0]: must be 'user' or 'organization'"
    ),
    "version: 1\nplans: {t: {name: T, prices: {p: {unit_amount: 1}}}}": (
        "2:31: plans.t.prices.p.currency: is required: write it here, or once for all prices at the top of the catalog"
    ),
    "version: 1\ncurrency: USD\nplans: {t: {name: T, prices: {p: {unit_amount: 1}}}}": (
        "2:1: currency: is written in lower case: usd"
    ),
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: ['*'], rotate: 0}}": (
        "2:70: webhook_endpoints.a.rotate: must be greater than or equal to 1"
    ),
    "version: 1\nwebhook_endpoints: {a: {url: 'http://localhost:4242', enabled_events: ['*']}}": (
        "2:25: webhook_endpoints.a.url: must be a public address: Stripe cannot deliver to this machine"
    ),
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: ['*'],\n  rotate: 2, retired: 2}}": (
        "3:14: webhook_endpoints.a.retired: must be below rotate, which is 2: of a nothing would be left"
    ),
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: ['*'], retired: 1}}": (
        "2:70: webhook_endpoints.a.retired: must be below rotate, which is 1: of a nothing would be left"
    ),
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: all}}": (
        "2:47: webhook_endpoints.a.enabled_events: takes a list"
    ),
    "version: 1\nwebhook_endpoints: {a: {url: 'https://a.com', enabled_events: [runtime,\n  invoice.payed]}}": (
        "3:3: webhook_endpoints.a.enabled_events[1]: is no event that this version knows: did you mean invoice.paid or "
        "invoice.updated or invoice.created? allow_unknown_events: true lets a name through that Stripe added later"
    ),
    "version: 1\nalerts: {a: {title: T, usage_threshold: {meter: m, gte: 1}}}": (
        "2:42: alerts.a.usage_threshold.meter: names no meter of this catalog: there are none"
    ),
}


@pytest.mark.parametrize("text", REST)
def test_a_wrong_entry_is_one_problem_at_its_line(said: Said, text: str) -> None:
    """Sections, plans, alerts and endpoints are checked as prices are."""
    assert said(text) == [f"catalog.yaml:{REST[text]}"]


def test_old_guides_shapes_are_answered_with_todays(said: Said) -> None:
    """Names that older guides teach are recognised."""
    alerts = """\
alerts:
  a: {title: A, usage_threshold_config: {meter: tokens, gte: 1}, usage_threshold: {meter: tokens, gte: 1}}
  b: {title: B, usage_threshold: {meter: tokens, gte: 1, recurrence: daily}}
  c: {title: C, filter: {customer: x}, usage_threshold: {meter: tokens, gte: 1}}
  d: {title: D, recurrence: daily, usage_threshold: {meter: tokens, gte: 1}}
"""
    assert [problem.split(": ", 2)[2] for problem in said(price("unit_amount: 1\n") + alerts)] == [
        'is spelled usage_threshold today: {"meter": …, "gte": …}',
        "is always 'one_time': an alert fires once for each customer, there are no daily or monthly windows",
        "is spelled filters, inside usage_threshold, today",
        "belongs into usage_threshold, and is always 'one_time': an alert fires once for each customer",
    ]


def test_every_problem_is_told_at_once_in_the_order_of_lines(said: Said) -> None:
    """Duplicate keys, wrong fields, wrong combinations and dangling names come together."""
    text = (
        price("unit_amount: x\ntiers: []\nrecurring: {interval: month, meter: tok}\n") + "currency: eur\nmeterz: {}\n"
    )
    found = said(text)
    assert [problem.split(":")[1] for problem in found] == ["12", "13", "14", "14", "15", "16", "17"]


@pytest.mark.parametrize("value", ["sk_live_abc", "whsec_abc"])
def test_values_are_not_repeated(said: Said, value: str) -> None:
    """A problem names the place, never what was written there."""
    problems = said(price(f"unit_amount: {value}\nnickname: [{value}]\nrecurring: {value}\n"))
    assert len(problems) == 3
    assert value not in "\n".join(problems)


def test_a_name_that_looks_like_a_validators_is_a_name(said: Said) -> None:
    """A bracket in a name that nothing stands behind is an unknown field, not an accident of ours."""
    (problem,) = said("version: 1\n'1[':\n")
    assert problem.startswith("catalog.yaml:2:1: 1[: is not a field of catalog; known fields are version, currency")
