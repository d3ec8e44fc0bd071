"""Declarations as Stripe's parameters: what a create sends, and what an update sends for the fields that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.facts import Default, UpdateOnly
from billing_resources._engine.marks import Owner, foreign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_resources._engine.fields import Shape
    from billing_resources._engine.kind import Kind

CLEAR = ""
"""Stripe's way to unset a field."""


def create_params(kind: Kind, args: Mapping[str, Any], owner: Owner) -> dict[str, Any]:
    """The body of the create: every declared field that Stripe takes there, and the marks."""
    filled = with_sent_defaults(kind.shape, args)
    params = {
        field.name: filled[field.name]
        for field in kind.sent
        if filled.get(field.name) is not None and not field.has(UpdateOnly)
    }
    params |= kind.stripe.params(args)
    if kind.stripe.has_metadata:
        params["metadata"] = {**foreign(args.get("metadata")), **marks_of(kind, args, owner)}
    return params


def with_sent_defaults(shape: Shape, value: Any) -> Any:
    """The value with those defaults filled in that Stripe wants to be told."""
    if not shape.fields or not isinstance(value, Mapping):
        return value
    filled = dict(value)
    for field in shape.fields:
        default = field.fact(Default)
        if filled.get(field.name) is not None:
            filled[field.name] = with_sent_defaults(field.shape, filled[field.name])
        elif default is not None and default.sent:
            filled[field.name] = default.value
    return filled


def marks_of(kind: Kind, args: Mapping[str, Any], owner: Owner) -> dict[str, str]:
    """All marks of a declaration: whose it is, and the fields of ours."""
    marks = dict(owner.marks)
    for mark in kind.marks:
        marks |= mark.write(args)
    return marks


def update_params(
    kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Iterable[str], owner: Owner
) -> dict[str, Any]:
    """The body of the update: the changed fields, ``""`` for those that are gone, and changed marks."""
    changed = set(changed)
    sent = {field.name for field in kind.sent} - {"metadata"}
    params: dict[str, Any] = {name: _changed(name, olds, news) for name in sorted(changed & sent)}
    params |= {name: value for name, value in kind.alive.items() if name in changed and not kind.stripe.status_verbs}
    if kind.stripe.has_metadata:
        metadata = _metadata(kind, olds, news, owner)
        params |= {"metadata": metadata} if metadata else {}
    if params.get("lookup_key"):
        params["transfer_lookup_key"] = True
    return params


def _changed(name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
    value = news.get(name)
    if name == "currency_options" and value is not None:
        gone = set(olds.get(name) or {}) - set(value)
        return {**value, **dict.fromkeys(gone, CLEAR)}
    if value is not None:
        return value
    return False if name == "disabled" else CLEAR


def _metadata(kind: Kind, olds: Mapping[str, Any], news: Mapping[str, Any], owner: Owner) -> dict[str, str]:
    """Stripe merges metadata, so only differences go out; a key that is gone is unset with an empty string."""
    before = {**foreign(olds.get("metadata")), **marks_of(kind, olds, _owner(olds))}
    after = {**foreign(news.get("metadata")), **marks_of(kind, news, owner)}
    gone = dict.fromkeys(before.keys() - after.keys(), CLEAR)
    return {**{key: value for key, value in after.items() if before.get(key) != value}, **gone}


def _owner(props: Mapping[str, Any]) -> Owner:
    return Owner(str(props.get("_stack", "")), str(props.get("_key", "")))
