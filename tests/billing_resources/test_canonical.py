"""What is equal compares as equal, whatever Pulumi, Stripe or a person does to its spelling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, NotRequired

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import with_config

from billing_resources._engine.canonical import whole
from billing_resources._engine.diff import Op, diff, immutable_differences
from billing_resources._engine.facts import Default, Immutable, ImmutableOnce, In
from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources._engine.validation import CONFIG, problems
from billing_resources.price import PriceArgs
from tests.billing_resources.strategies import KINDS, Args, declarations, prices

PRICE = REGISTRY["Price"]
HOOK = REGISTRY["WebhookEndpoint"]
Declaration = tuple[Kind, Args]


def over_the_wire(value: Any) -> Any:
    """What Pulumi hands back: every number a float, no nulls, every list a list."""
    if isinstance(value, Mapping):
        return {key: over_the_wire(part) for key, part in value.items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [over_the_wire(part) for part in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def decimally(value: Any) -> Any:
    """The same with every amount written as a decimal, with needless digits."""
    if isinstance(value, Mapping):
        return dict(_decimally(name, part) for name, part in value.items())
    return [decimally(part) for part in value] if isinstance(value, list) else value


def _decimally(name: str, part: Any) -> tuple[str, Any]:
    if name in {"unit_amount", "flat_amount"}:
        return f"{name}_decimal", f"{part}.000"
    return name, decimally(part)


def with_defaults(kind: Kind, args: Args) -> Args:
    """The same with every default of a top-level field written out."""
    defaults = {field.name: fact.value for field in kind.fields if (fact := field.fact(Default)) is not None}
    return {**defaults, **args}


@given(declarations())
def test_made_up_declarations_are_valid(declaration: Declaration) -> None:
    """The strategies of these tests make what the validation takes."""
    assert problems(*declaration) == []


@given(declarations())
def test_nothing_differs_from_itself(declaration: Declaration) -> None:
    """diff(x, x) is empty."""
    kind, args = declaration
    assert diff(kind, args, args) == []


@given(declarations())
def test_a_round_trip_through_pulumi_is_no_change(declaration: Declaration) -> None:
    """Integers come back as floats, and nulls do not come back."""
    kind, args = declaration
    assert diff(kind, over_the_wire(args), args) == []
    assert diff(kind, over_the_wire({**args, "adopt": None}), over_the_wire(args)) == []


@given(declarations())
def test_numbers_come_back_whole(declaration: Declaration) -> None:
    """Every integer is an integer again, at every depth."""
    args = declaration[1]
    assert json.dumps(whole(over_the_wire(args))) == json.dumps(args)


@given(prices)
def test_equal_amounts_are_equal(args: Args) -> None:
    """Integers and decimals, in prices, tiers and currency options."""
    assert diff(PRICE, args, decimally(args)) == []
    assert diff(PRICE, decimally(args), args) == []


@given(declarations())
def test_defaults_may_be_written_or_left_out(declaration: Declaration) -> None:
    """An absent field and its default are one declaration."""
    kind, args = declaration
    assert diff(kind, args, with_defaults(kind, args)) == []
    assert diff(kind, with_defaults(kind, args), args) == []


@given(declarations(), st.randoms(use_true_random=False))
def test_the_order_of_keys_means_nothing(declaration: Declaration, order: Any) -> None:
    """Objects compare by their fields."""
    kind, args = declaration
    items = list(args.items())
    order.shuffle(items)
    assert diff(kind, args, dict(items)) == []


@given(st.permutations(["invoice.paid", "price.created", "price.updated"]))
def test_sets_compare_as_sets(events: list[str]) -> None:
    """The order of a webhook endpoint's events means nothing."""
    declared = {"url": "https://a.com", "enabled_events": ["invoice.paid", "price.created", "price.updated"]}
    assert diff(HOOK, declared, {**declared, "enabled_events": events}) == []


@with_config(CONFIG)
class NewerPrice(PriceArgs):
    """A price as a later version of this package may declare it."""

    rounding: NotRequired[Annotated[In[str], Immutable(), Default("half_up")]]
    """A field that did not exist when the state was written."""


@given(prices)
def test_a_new_field_with_a_default_is_no_change(args: Args) -> None:
    """An upgrade of this package replaces no price."""
    newer = Kind("Price", NewerPrice, PRICE.stripe)
    assert diff(newer, args, args) == []
    assert diff(newer, args, {**args, "rounding": "half_up"}) == []
    assert immutable_differences(newer, args, {**args, "rounding": "down"}) == ["rounding"]


@given(declarations(), st.data())
def test_immutable_fields_replace_and_others_do_not(declaration: Declaration, data: st.DataObject) -> None:
    """What changed says itself whether Stripe can change it."""
    kind, args = declaration
    other = data.draw(KINDS[kind.name])
    facts = {field.name: field for field in kind.fields}
    for change in diff(kind, args, other):
        if not facts[change.field].has(ImmutableOnce):
            assert change.replaces == facts[change.field].has(Immutable)


@given(declarations(), st.data())
def test_every_difference_is_found(declaration: Declaration, data: st.DataObject) -> None:
    """No two different canonical forms have an empty diff."""
    kind, args = declaration
    other = data.draw(KINDS[kind.name])
    assert bool(diff(kind, args, other)) == (kind.canonical(args) != kind.canonical(other))


@pytest.mark.parametrize(
    ("old", "new", "path", "op"),
    [
        ({}, {"nickname": "a"}, "nickname", Op.ADD),
        ({"nickname": "a"}, {}, "nickname", Op.DELETE),
        ({"nickname": "a"}, {"nickname": "b"}, "nickname", Op.UPDATE),
        ({"metadata": {"a.b": "1"}}, {"metadata": {}}, 'metadata["a.b"]', Op.DELETE),
        ({"unit_amount": 1}, {"unit_amount": 2}, "unit_amount", Op.UPDATE),
        ({"recurring": {"interval": "month"}}, {"recurring": {"interval": "year"}}, "recurring.interval", Op.UPDATE),
        ({"tiers": [{"up_to": 5}]}, {"tiers": [{"up_to": 6}]}, "tiers[0].up_to", Op.UPDATE),
    ],
)
def test_changes_name_the_place(old: Args, new: Args, path: str, op: Op) -> None:
    """A preview shows what changed inside of a field."""
    (change,) = diff(PRICE, old, new)
    assert (change.path, change.op) == (path, op)


@given(st.decimals(0, 10**12, places=12, allow_nan=False), st.decimals(0, 10**12, places=12, allow_nan=False))
def test_amounts_differ_exactly_when_their_numbers_do(one: Decimal, other: Decimal) -> None:
    """Down to the twelfth decimal."""
    changes = diff(PRICE, {"unit_amount_decimal": f"{one:f}"}, {"unit_amount_decimal": f"{other:f}"})
    assert bool(changes) == (one != other)
