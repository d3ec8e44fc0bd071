"""What a price may not say, and what it may."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources._engine import every_kind
from billing_resources._engine.currencies import CURRENCIES
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.validation import problems
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import price, product
from tests.billing_resources.test_declarations import GOOD, refused

assert every_kind
MINOR = "is a whole number in minor units: 1200, not 12.00 or '1200'"
DECIMAL = 'is a decimal in minor units, written as a quoted string: "0.0015"'
PLAIN = 'takes plain digits only: "0.0015", no exponent, sign or separator'
ONE_OF = "unit_amount, unit_amount_decimal, tiers"
BILLED = "needs overage: block or allow: Stripe's tiers begin anew with each period, and bill what is left over"
LONG_MARK = "makes a mark of more than 500 characters, the most that Stripe's metadata has room for: remove some"
STAYS = {"max": "unlimited", "periods": 2}
RESERVED = "begins with billing:, limits: or features:, which are reserved for the marks of this package"
ROOM = "takes a name of 1 to {} characters, which is what Stripe's metadata has room for"
FEWER = "Stripe's metadata has room for 50, so remove"
VALUE = "has more than 500 characters, the most that Stripe's metadata has room for"
MONTH = {"interval": "month"}
LAST = {"up_to": "inf", "unit_amount": 1}
METERED = {"interval": "month", "usage_type": "metered", "meter": "mtr_1"}


@pytest.mark.parametrize("amount", [12.0, 12.5, "1200", True, False])
def test_amounts_are_whole_numbers(amount: object) -> None:
    """Nobody can mean 12.00 USD and get 12 cents."""
    assert refused("Price", unit_amount=amount) == [f"unit_amount: {MINOR}"]
    tiers = [{"up_to": "inf", "unit_amount": amount, "flat_amount": amount}]
    assert refused("Price", unit_amount=None, tiers=tiers, tiers_mode="volume") == [
        f"tiers[0].unit_amount: {MINOR}",
        f"tiers[0].flat_amount: {MINOR}",
    ]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (0.0015, DECIMAL),
        (12, DECIMAL),
        (True, DECIMAL),
        ("1e-3", PLAIN),
        ("1,5", PLAIN),
        ("", PLAIN),
        ("+1", PLAIN),
        ("\u0661", PLAIN),
        (" 1", PLAIN),
        ("-1", "must not be negative"),
        ("0.1234567890123", "has more than 12 decimal places, the most that Stripe keeps"),
    ],
)
def test_decimals_are_quoted_plain_digits(amount: object, sentence: str) -> None:
    """Twelve decimals at most, as a string, wherever an amount stands."""
    assert refused("Price", unit_amount=None, unit_amount_decimal=amount) == [f"unit_amount_decimal: {sentence}"]
    options = {"eur": {"unit_amount_decimal": amount}}
    assert refused("Price", currency_options=options) == [f"currency_options.eur.unit_amount_decimal: {sentence}"]


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"unit_amount": -1}, ["unit_amount: must be greater than or equal to 0"]),
    ({"unit_amount": None}, ["needs an amount: one of unit_amount, unit_amount_decimal and tiers"]),
    (
        {"unit_amount_decimal": "1"},
        [f"unit_amount_decimal: cannot be given together with unit_amount: choose one of {ONE_OF}"],
    ),
    (
        {"tiers": [LAST], "tiers_mode": "volume"},
        [f"tiers: cannot be given together with unit_amount: choose one of {ONE_OF}"],
    ),
    ({"tiers_mode": "volume"}, ["tiers_mode: needs tiers"]),
    ({"billing_scheme": "tiered"}, ["billing_scheme: must be per_unit here, or be left out"]),
    ({"currency": "dollars"}, ["currency: is not a currency that Stripe knows; write its ISO code, such as usd"]),
    ({"currency": "USD"}, ["currency: is written in lower case: usd"]),
    ({"recurring": {**MONTH, "usage_type": "metered"}}, [
        "recurring.meter: is required for a metered price: the id of the meter whose usage is billed"
    ]),
    ({"recurring": {**METERED, "meter": ""}}, ["recurring.meter: string should have at least 1 character"]),
    ({"product": ""}, ["product: string should have at least 1 character"]),
    ({"recurring": {**MONTH, "meter": "mtr_1"}}, [
        'recurring.meter: belongs to a metered price: add "usage_type": "metered", or remove the meter'
    ]),
    ({"recurring": METERED, "seats": {"mode": "follow"}}, ["seats: belong to a licensed price, not to a metered one"]),
    ({"recurring": {"interval": "month", "interval_count": 37}}, [
        "recurring.interval_count: is at most 36 months: three years"
    ]),
    ({"recurring": {"interval": "monthly"}}, ["recurring.interval: must be 'day', 'week', 'month' or 'year'"]),
    ({"recurring": {**MONTH, "aggregate_usage": "sum"}}, [
        "recurring.aggregate_usage: is gone: the meter's default_aggregation says how usage adds up"
    ]),
    ({"recurring": {**MONTH, "trial_period_days": 14}}, [
        "recurring.trial_period_days: does nothing on a price at Stripe: write trial_days on the price instead"
    ]),
    ({"transfer_lookup_key": True}, [
        "transfer_lookup_key: goes without saying: a lookup key moves to the price that takes over"
    ]),
    ({"transform_usage": {"divide_by": 1000}}, [
        'transform_usage: is spelled transform_quantity today: {"divide_by": …, "round": "up"}'
    ]),
    ({"recurring": None, "seats": {"mode": "follow"}, "trial_days": 14}, [
        "seats: needs a recurring price",
        "trial_days: needs a recurring price",
    ]),
    ({"seats": {"mode": "follow", "minimum": 5, "maximum": 4}}, ["seats.maximum: must not be below the minimum"]),
    ({"seats": {"mode": "follow", "minimum": 0}}, ["seats.minimum: must be greater than or equal to 1"]),
    ({"limits": {"a": {"included": -1}}}, [
        "limits.a.included: must be greater than or equal to 0, or must be 'unlimited'"
    ]),
    ({"limits": {"a": {"included": 1, "per": "year"}}}, [
        "limits.a.per: must be 'period', 'month', 'day', 'hour' or 'lifetime'"
    ]),
    ({"limits": {"a": {"included": 1, "rollover": {"max": -1}}}}, [
        "limits.a.rollover.max: must be greater than or equal to 0, or must be 'unlimited'",
        "limits.a.rollover.periods: is required",
    ]),
    ({"limits": {"a": {"included": 1, "rollover": {"max": 5, "periods": 0}}}}, [
        "limits.a.rollover.periods: must be greater than or equal to 1"
    ]),
    ({"limits": {"a": {"included": 1, "carry": "keep"}}}, [
        "limits.a.carry: must be 'carry', 'reset' or 'prorate'"
    ]),
    ({"limits": {"a": {"included": 1, "thresholds": [0, 1001, "80"]}}}, [
        "limits.a.thresholds[0]: must be greater than or equal to 1",
        "limits.a.thresholds[1]: must be less than or equal to 1000",
        "limits.a.thresholds[2]: takes a whole number",
    ]),
    ({"limits": {"a": {"included": 1, "thresholds": []}}}, [
        "limits.a.thresholds: list should have at least 1 item after validation, not 0"
    ]),
    ({"limits": {"a.b": {"included": "unlimited", "per": "lifetime", "overage": "bill", "rollover": STAYS,
                         "carry": "prorate", "thresholds": [80]}}}, [
        'limits["a.b"].rollover: needs a next window: a lifetime has one, so nothing of it is left over',
        'limits["a.b"].rollover: needs an amount: nothing is left over of unlimited',
        f'limits["a.b"].rollover: {BILLED}',
        'limits["a.b"].carry: needs a window that ends: a lifetime has no share that a plan could give',
        'limits["a.b"].thresholds: need an amount above 0: they are percents of it',
    ]),
    ({"limits": {"a": {"included": 0, "thresholds": [80]}, "b": {"included": 9, "thresholds": [80, 80]},
                 "c": {"included": 9, "thresholds": [100, 80]}}}, [
        'limits["a"].thresholds: need an amount above 0: they are percents of it',
        'limits["b"].thresholds: are percents in ascending order, each once',
        'limits["c"].thresholds: are percents in ascending order, each once',
    ]),
    ({"limits": {"a": {"included": 1, "thresholds": list(range(1, 151))}}}, [
        f'limits["a"].thresholds: {LONG_MARK}',
    ]),
    ({"features": {"sso": True}}, ["features.sso: takes a string"]),
    ({"currency_options": {"usd": {"unit_amount": 1}}}, [
        "currency_options.usd: is the price's own currency, which has its amount already"
    ]),
    ({"currency_options": {"EUR": {"unit_amount": 1}}}, [
        "currency_options.EUR: is not a currency that Stripe knows; write its code in lower case, such as eur"
    ]),
    ({"currency_options": {"eur": {}}}, [f"currency_options.eur: needs exactly one of {ONE_OF}"]),
    ({"currency_options": {"eur": {"tiers": [LAST]}}}, [
        "currency_options.eur.tiers: must have the form of the price itself: tiers there and here, or neither"
    ]),
    ({"lookup_key": "x" * 201}, ["lookup_key: string should have at most 200 characters"]),
    ({"metadata": {"limits:a": "5"}}, [
        f'metadata["limits:a"]: {RESERVED}'
    ]),
    ({"metadata": {"a": 5}}, ["metadata.a: takes a string"]),
    ({"metadata": {"a" * 41: "x"}}, [f'metadata["{"a" * 41}"]: {ROOM.format(40)}']),
    ({"metadata": {"a[b]": "x"}}, ['metadata["a[b]"]: takes a name without square brackets']),
    ({"metadata": {"a": "x" * 501}}, [f'metadata["a"]: {VALUE}']),
    ({"metadata": {str(number): "x" for number in range(51)}}, [
        f"metadata: has 51 keys, and the marks of this package take 3 more: {FEWER} 4"
    ]),
    ({"limits": {"a" * 34: {"included": 1}}}, [f'limits["{"a" * 34}"]: {ROOM.format(33)}']),
    ({"limits": {"": {"included": 1}}}, [f'limits[""]: {ROOM.format(33)}']),
    ({"features": {"a" * 32: "1", "b": "x" * 501}}, [
        f'features["{"a" * 32}"]: {ROOM.format(31)}',
        f'features["b"]: {VALUE}',
    ]),
    ({"features": {str(number): "1" for number in range(48)}}, [
        f"features: makes 51 marks: {FEWER} 1"
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("args", "sentences"), BAD)
def test_what_stripe_has_no_meaning_for_is_refused(args: dict[str, Any], sentences: list[str]) -> None:
    """One sentence for each problem, with what to write instead; nothing is registered."""
    assert refused("Price", **args) == sentences


TIERS: list[tuple[list[Any], list[str]]] = [
    ([], ["tiers: list should have at least 1 item after validation, not 0"]),
    ([{"up_to": 5, "unit_amount": 1}], ['tiers[0].up_to: must be "inf": the last tier has no end']),
    ([LAST, LAST], ['tiers[0].up_to: is "inf", which belongs to the last tier only']),
    ([{"up_to": 5, "unit_amount": 1}, {"up_to": 5, "unit_amount": 1}, LAST], [
        "tiers[1].up_to: must be above the tier before it"
    ]),
    ([{"up_to": 0, "unit_amount": 1}, LAST], ["tiers[0].up_to: must be above the tier before it"]),
    ([{"up_to": 5.5, "unit_amount": 1}, LAST], ["tiers[0].up_to: takes a whole number, or must be 'inf'"]),
    ([{"up_to": "inf"}], [
        "tiers[0]: needs an amount: one of unit_amount, unit_amount_decimal, flat_amount, flat_amount_decimal"
    ]),
    ([{**LAST, "unit_amount_decimal": "1"}], [
        "tiers[0].unit_amount_decimal: cannot be given together with unit_amount"
    ]),
    (["inf"], ["tiers[0]: takes an object with named fields"]),
]  # fmt: skip


@pytest.mark.parametrize(("tiers", "sentences"), TIERS)
def test_tiers_rise_to_infinity(tiers: list[Any], sentences: list[str]) -> None:
    """Each tier has an amount and a bound above the one before; the last has no end."""
    assert refused("Price", unit_amount=None, tiers=tiers, tiers_mode="graduated") == sentences


def test_tiers_need_a_mode_a_period_and_no_packages() -> None:
    """All three at once."""
    package = {"divide_by": 10, "round": "up"}
    assert refused("Price", unit_amount=None, tiers=[LAST], recurring=None, transform_quantity=package) == [
        "tiers_mode: is required with tiers: graduated or volume",
        "tiers: need a recurring price: a one-time price has one amount",
        "transform_quantity: cannot be given together with tiers",
    ]


def test_every_problem_of_a_call_is_told() -> None:
    """Broken fields do not hide problems of the others, and cause no further ones."""
    assert refused("Price", unit_amount=12.0, curency="usd", currency=None, seats={"mode": "x"}) == [
        "currency: is required",
        f"unit_amount: {MINOR}",
        "seats.mode: must be 'follow' or 'purchased'",
        "curency: is not a field of Price: did you mean currency?",
    ]


GOOD_PRICES: dict[str, dict[str, Any]] = {
    "one-time": {"recurring": None},
    "zero": {"unit_amount": 0},
    "twelve decimals": {"unit_amount": None, "unit_amount_decimal": "0.123456789012"},
    "needless zeros": {"unit_amount": None, "unit_amount_decimal": "1.0000000000000000"},
    "metered": {"recurring": METERED},
    "packages": {"recurring": METERED, "transform_quantity": {"divide_by": 1000, "round": "up"}},
    "per seat": {"seats": {"mode": "purchased", "minimum": 2, "maximum": 2}, "trial_days": 14},
    "tiers": {"unit_amount": None, "tiers_mode": "volume", "tiers": [{"up_to": 5, "flat_amount": 100}, LAST]},
    "currencies": {"currency_options": {"eur": {"unit_amount_decimal": "1.5"}, "jpy": {"unit_amount": 1}}},
    "three years": {"recurring": {"interval": "week", "interval_count": 156}},
    "limits": {"limits": {"a": {"included": 0}, "b": {"included": "unlimited", "per": "hour", "overage": "allow"}}},
    "every part of a limit": {
        "limits": {
            "a": {
                "included": 1,
                "per": "hour",
                "overage": "allow",
                "rollover": STAYS,
                "carry": "prorate",
                "thresholds": [1, 80, 1000],
            }
        }
    },
    "as many thresholds as there is room for": {"limits": {"a": {"included": 1, "thresholds": list(range(1, 150))}}},
}


@pytest.mark.parametrize("name", GOOD_PRICES)
def test_what_stripe_sells_is_taken(name: str) -> None:
    """Every kind of price that the README names."""
    args = {**GOOD["Price"], **GOOD_PRICES[name]}
    assert problems(REGISTRY["Price"], {key: value for key, value in args.items() if value is not None}) == []


@given(st.text(max_size=5))
def test_only_known_currencies_are_taken(code: str) -> None:
    """In lower case, as Stripe writes them."""
    found = problems(REGISTRY["Price"], {**GOOD["Price"], "currency": code})
    assert (found == []) == (code in CURRENCIES)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3), st.lists, max_leaves=5)
)
def test_nothing_breaks_the_validation(value: Any) -> None:
    """Whatever stands in a field, the answer is a list of sentences."""
    for field in REGISTRY["Price"].fields:
        assert isinstance(problems(REGISTRY["Price"], {**GOOD["Price"], field.name: value}), list)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("features", {"sso": ""}, 'features["sso"]: takes a text: Stripe unsets a key whose value is empty'),
        ("metadata", {"team": ""}, 'metadata["team"]: takes a text: Stripe unsets a key whose value is empty'),
        (
            "limits",
            {"tokens": {"included": 5, "meter": "AI tokens"}},
            "limits.tokens.meter: takes the name of a declared meter, without spaces and equals signs",
        ),
    ],
)
def test_what_metadata_cannot_keep_is_refused(field: str, value: object, sentence: str) -> None:
    """An empty value would be lost at Stripe, and a name of two words could not be read back."""
    assert refused("Price", unit_amount=1, **{field: value}) == [sentence]


MARKED = {
    "limits": {"a" * 33: {"included": 1}},
    "features": {"b" * 31: "x" * 500},
    "trial_days": 1,
    "seats": {"mode": "follow"},
}


def test_a_price_with_all_of_its_keys_is_made(ours: Engine) -> None:
    """Seven marks and 43 keys of the program: Stripe takes the 50, and they come back as they were written."""
    full = {str(number): "x" for number in range(43)}
    program = (product(), price(**MARKED, metadata=full))
    ours.up(*program)
    assert set(ours.refresh().values()) == set(ours.up(*program).values()) == {"same"}


def test_a_price_with_one_key_too_many_is_refused() -> None:
    """How many are marks is told."""
    full = {str(number): "x" for number in range(44)}
    assert refused("Price", metadata=full, **MARKED) == [
        f"metadata: has 44 keys, and the marks of this package take 7 more: {FEWER} 1"
    ]
