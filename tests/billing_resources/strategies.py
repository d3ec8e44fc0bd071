"""Made-up declarations that are valid, for tests of what holds for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from billing_resources._engine import every_kind
from billing_resources._engine.amounts import MOST_MINOR_UNITS
from billing_resources._engine.kind import REGISTRY, Kind

assert every_kind
Args = dict[str, Any]
words = st.text("abcdefgh _-.", min_size=1, max_size=8)
minor_units = st.integers(0, MOST_MINOR_UNITS)
decimals = st.decimals(0, 999_999_999_999, places=12, allow_nan=False).map(lambda amount: format(amount, "f"))
amounts = minor_units.map(lambda amount: {"unit_amount": amount}) | decimals.map(
    lambda one: {"unit_amount_decimal": one}
)
flat_amounts = amounts.map(lambda amount: {name.replace("unit", "flat"): value for name, value in amount.items()})
metadata = st.dictionaries(words, words, max_size=3)
limit_names = st.text("abcdefgh-_", min_size=1, max_size=8)


def objects(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Args]:
    """An object with all of the required and some of the optional fields."""
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def tiers(draw: st.DrawFn, bounds: list[int] | None = None) -> list[Args]:
    """Rising tiers, each with an amount, the last without an end."""
    rising = draw(st.lists(st.integers(1, 10**9), max_size=3, unique=True).map(sorted)) if bounds is None else bounds
    one = st.one_of(amounts, flat_amounts, st.tuples(amounts, flat_amounts).map(lambda both: both[0] | both[1]))
    return [{"up_to": bound, **draw(one)} for bound in [*rising, "inf"]]


carries = st.sampled_from(["carry", "reset"])
any_limit = objects(
    {"included": st.integers(0, 10**9) | st.just("unlimited")},
    per=st.sampled_from(["period", "month", "day", "hour", "lifetime"]),
    overage=st.sampled_from(["block", "allow", "bill"]),
    meter=limit_names,
    carry=carries,
)
rollovers = st.fixed_dictionaries({"max": st.integers(0, 10**9) | st.just("unlimited"), "periods": st.integers(1, 100)})
windowed_limit = objects(
    {"included": st.integers(1, 10**9)},
    per=st.sampled_from(["period", "month", "day", "hour"]),
    overage=st.sampled_from(["block", "allow"]),
    meter=limit_names,
    rollover=rollovers,
    carry=carries | st.just("prorate"),
    thresholds=st.lists(st.integers(1, 1000), min_size=1, max_size=9, unique=True).map(sorted),
)
limits = st.dictionaries(limit_names, any_limit | windowed_limit, max_size=2)
seats = objects(
    {"mode": st.sampled_from(["follow", "purchased"])}, minimum=st.integers(1, 5), maximum=st.integers(5, 9)
)
periods = objects({"interval": st.sampled_from(["day", "week", "month", "year"])}, interval_count=st.integers(1, 3))
packages = objects({"divide_by": st.integers(1, 10**6), "round": st.sampled_from(["up", "down"])})
tax_behaviors = st.sampled_from(["exclusive", "inclusive", "unspecified"])
terms = objects(
    {"product": st.just("prod_1"), "currency": st.sampled_from(["usd", "gbp"])},
    lookup_key=words,
    nickname=words,
    metadata=metadata,
    tax_behavior=tax_behaviors,
    default=st.booleans(),
    limits=limits,
    features=st.dictionaries(limit_names, words, max_size=2),
)
flat = st.tuples(
    amounts, objects({}, currency_options=st.fixed_dictionaries({"eur": amounts}), transform_quantity=packages)
)
tiered = st.tuples(
    st.fixed_dictionaries({"tiers": tiers(), "tiers_mode": st.sampled_from(["graduated", "volume"])}),
    objects({}, billing_scheme=st.just("tiered")),
)
licensed = objects({"recurring": periods}, seats=seats, trial_days=st.integers(1, 90))
metered = periods.map(lambda period: {"recurring": {**period, "usage_type": "metered", "meter": "mtr_1"}})


def _joined(parts: tuple[Args, ...]) -> Args:
    return {name: value for part in parts for name, value in part.items()}


prices = st.one_of(
    st.tuples(terms, flat.map(_joined), licensed | metered | st.just({})).map(_joined),
    st.tuples(terms, tiered.map(_joined), licensed | metered).map(_joined),
)
products = objects(
    {"name": words},
    description=words,
    images=st.lists(words, max_size=3),
    marketing_features=st.lists(st.fixed_dictionaries({"name": words}), max_size=3),
    metadata=metadata,
    statement_descriptor=words,
    unit_label=words,
)
meters = objects(
    {
        "display_name": words,
        "event_name": words,
        "default_aggregation": st.sampled_from(["sum", "count", "last"]).map(lambda formula: {"formula": formula}),
    },
    event_time_window=st.sampled_from(["hour", "day"]),
    value_settings=words.map(lambda key: {"event_payload_key": key}),
    customer_mapping=words.map(lambda key: {"type": "by_id", "event_payload_key": key}),
)
alerts = objects(
    {"title": words, "usage_threshold": objects({"meter": st.just("mtr_1"), "gte": st.integers(1, 10**12)})},
    status=st.sampled_from(["active", "inactive"]),
)
events = st.lists(st.sampled_from(["invoice.paid", "price.created", "price.updated"]), min_size=1, unique=True)
endpoints = objects(
    {"url": st.just("https://app.example.com/stripe"), "enabled_events": events},
    description=words,
    disabled=st.booleans(),
    metadata=metadata,
)
KINDS = {"Product": products, "Price": prices, "Meter": meters, "Alert": alerts, "WebhookEndpoint": endpoints}


@st.composite
def declarations(draw: st.DrawFn) -> tuple[Kind, Args]:
    """A kind and valid arguments of it."""
    name = draw(st.sampled_from(sorted(KINDS)))
    return REGISTRY[name], draw(KINDS[name])
