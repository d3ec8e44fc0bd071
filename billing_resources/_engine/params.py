"""Declarations as Stripe's parameters: what a create sends, and what an update sends for the fields that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.amounts import plain
from billing_resources._engine.facts import Default, Immutable, Kept, Numeral, UpdateOnly
from billing_resources._engine.marks import Owner, foreign

if TYPE_CHECKING:
    from billing_resources._engine.fields import Field, Shape
    from billing_resources._engine.kind import Kind

CLEAR = ""
"""Stripe's way to unset a field."""


def create_params(kind: Kind, args: Mapping[str, Any], marks: Mapping[str, str]) -> dict[str, Any]:
    """The body of the create: every declared field that Stripe takes there, and the marks."""
    filled = with_sent_defaults(kind.shape, args)
    params = {
        field.name: filled[field.name]
        for field in kind.sent
        if filled.get(field.name) is not None and not field.has(UpdateOnly) and field.name != kind.stripe.parent
    }
    params |= kind.stripe.params(args)
    if kind.stripe.has_metadata:
        params["metadata"] = {**foreign(args.get("metadata")), **marks}
    return params


def with_sent_defaults(shape: Shape, value: Any) -> Any:
    """The value with those defaults filled in that Stripe wants to be told, and its decimals in plain digits."""
    if shape.item is not None and isinstance(value, list):
        return [with_sent_defaults(shape.item, part) for part in value]
    if shape.value is not None and isinstance(value, Mapping):
        return {key: with_sent_defaults(shape.value, part) for key, part in value.items()}
    if not shape.fields or not isinstance(value, Mapping):
        return value
    filled = dict(value)
    for field in shape.fields:
        default = field.fact(Default)
        if filled.get(field.name) is not None:
            filled[field.name] = _sent(field, filled[field.name])
        elif default is not None and default.sent:
            filled[field.name] = default.value
    return filled


def _sent(field: Field, value: Any) -> Any:
    """Stripe counts needless zeros as decimals, and refuses too many of them."""
    if isinstance(value, str) and (field.has(Numeral) or field.name.endswith("_decimal")):
        return plain(value)
    return with_sent_defaults(field.shape, value)


def marks_of(kind: Kind, args: Mapping[str, Any], owner: Owner) -> dict[str, str]:
    """All marks of a declaration: whose it is, and the fields of ours."""
    marks = dict(owner.marks)
    for mark in kind.marks:
        marks |= mark.write(args)
    return marks


def update_bodies(
    kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any], changed: set[str], marks: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The updates that bring about the change: one, or none; one more where Stripe can only empty a map."""
    emptied = {field.name: CLEAR for field in kind.sent if field.name in changed and _loses_an_entry(field, olds, news)}
    body = update_params(kind, olds, news, changed, marks)
    return [one for one in (emptied, body) if one]


def _loses_an_entry(field: Field, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Strings of a map are unset one by one; objects (currency options) are not."""
    if field.has(Kept) or field.shape.value is None or not field.shape.value.fields or not news.get(field.name):
        return False
    return bool(set(olds.get(field.name) or {}) - set(news[field.name]))


def update_params(
    kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any], changed: set[str], marks: Mapping[str, str]
) -> dict[str, Any]:
    """The body of the update: the changed fields, ``""`` for those that are gone, and changed marks."""
    sent = [field for field in kind.sent if not field.has(Immutable) and field.name in changed - {"metadata"}]
    params: dict[str, Any] = {
        field.name: _changed(field, olds.get(field.name), news.get(field.name))
        for field in sorted(sent, key=lambda field: field.name)
    }
    params |= {name: value for name, value in kind.alive.items() if name in changed and not kind.stripe.status_verbs}
    if kind.stripe.has_metadata:
        metadata = _metadata(kind, olds, news, marks)
        params |= {"metadata": metadata} if metadata else {}
    if kind.stripe.movable and params.get("lookup_key"):
        params["transfer_lookup_key"] = True
    return params


def _changed(field: Field, old: Any, new: Any) -> Any:
    """What brings a field about: Stripe merges objects, so what is gone inside of one has to be said as well."""
    default = field.fact(Default)
    if new in (None, []) and default is not None:
        return default.value
    if field.shape.fields and isinstance(new or old, Mapping):
        return _changed_inside(field.shape, old or {}, new or {})
    return CLEAR if new in (None, []) else with_sent_defaults(field.shape, new)


def _changed_inside(shape: Shape, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field.name: _changed(field, old.get(field.name), new.get(field.name))
        for field in shape.fields
        if not field.has(Immutable) and (field.name in old or field.name in new)
    }


def _metadata(
    kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any], marks: Mapping[str, str]
) -> dict[str, str | None]:
    """Stripe merges metadata, so only differences go out; a key that is gone is unset."""
    there, after = foreign(olds.get("metadata")), {**foreign(news.get("metadata")), **marks}
    owner = Owner(str(olds.get("_stack", "")), str(olds.get("_key", "")))
    marked = marks_of(kind, olds, owner)
    gone = dict.fromkeys((there.keys() | marked.keys()) - after.keys(), kind.stripe.dialect.unset)
    if owner.stack:  # an object that nobody owns may lack any mark, so all of them go out
        there |= marked
    return {**{key: value for key, value in after.items() if there.get(key) != value}, **gone}
