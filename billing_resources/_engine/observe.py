"""Stripe's objects read back as declarations: what refresh compares, and what an import writes down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.amounts import plain
from billing_resources._engine.facts import Default, Numeral, Switched, Vital
from billing_resources._engine.marks import BOOKKEEPING, Owner, foreign

if TYPE_CHECKING:
    from billing_resources._engine.extra import Object
    from billing_resources._engine.fields import Field, Shape
    from billing_resources._engine.kind import Kind


def observed(kind: Kind, found: Object, elsewhere: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every declared field as Stripe shows it, in the form a program would write; defaults are left out.

    ``elsewhere`` holds fields that other objects show, such as a product its default price.
    """
    seen = kind.stripe.seen(found)
    args = {field.name: _written(field, seen.get(field.name)) for field in kind.sent if field.name != "id"}
    if kind.stripe.has_metadata:
        args["metadata"] = foreign(found.get("metadata")) or None
        args |= {mark.field: mark.read(found["metadata"]) for mark in kind.marks if mark.field}
    if "status" in kind.shape.by_name:
        args["status"] = _written(kind.shape.by_name["status"], seen.get("status"))
    args |= {name: _written(kind.shape.by_name[name], value) for name, value in (elsewhere or {}).items()}
    return _without_mirrors({name: value for name, value in args.items() if value is not None})


def _written(field: Field, value: Any) -> Any:
    default = field.fact(Default)
    form = _numeral(value) if field.has(Numeral) and value is not None else _pruned(field.shape, value)
    if field.has(Switched) and isinstance(form, dict) and form.get("enabled") is False:
        form = {"enabled": False}
    if form is None and field.required and isinstance(value, Mapping):
        return {}  # nothing but defaults, and yet it has to be written
    if form in (None, "") or (default is not None and form == default.value):
        return None
    return form


def _numeral(value: Any) -> int | str:
    """Stripe's JSON number as a program writes it: 25, or "12.5"."""
    digits = plain(str(value))
    return digits if "." in digits else int(digits)


def _pruned(shape: Shape, value: Any) -> Any:
    """The declared part of a value: Stripe's nulls, mirrors and empty collections left out."""
    if shape.fields and isinstance(value, Mapping):
        parts = {field.name: _written(field, value.get(field.name)) for field in shape.fields}
        return _without_mirrors({name: part for name, part in parts.items() if part is not None}) or None
    if shape.item is not None and isinstance(value, list):
        inner = shape.item
        return [_pruned(inner, part) for part in value] or None
    if shape.value is not None and isinstance(value, Mapping):
        within = shape.value
        return {key: _pruned(within, part) for key, part in value.items()} or None
    return value


def _without_mirrors(value: dict[str, Any]) -> dict[str, Any]:
    mirrors = {f"{name}_decimal" for name in ("unit_amount", "flat_amount") if name in value}
    return {name: part for name, part in value.items() if name not in mirrors}


def refreshed(kind: Kind, found: Object, inputs: Mapping[str, Any], elsewhere: Mapping[str, Any]) -> dict[str, Any]:
    """The program's inputs as Stripe has them now: equal fields stay as they were written, others show the drift.

    Fields that the program does not write stay out, and so do metadata keys that others added.
    """
    seen = as_far_as_written(kind.shape, observed(kind, found, elsewhere), inputs) | {"id": found["id"]}
    shown, written = kind.canonical(seen), kind.canonical(inputs)
    unseen = kind.unobservable - elsewhere.keys()
    vital = {one.name: seen[one.name] for one in kind.fields if one.has(Vital) and one.name in seen}
    result: dict[str, Any] = {name: inputs[name] for name in BOOKKEEPING if name in inputs}
    for name, before in {**vital, **kind.declared(inputs)}.items():
        key = name if name in written else f"{name}_decimal"
        if name == "metadata":
            now = foreign(found.get("metadata"))
            result[name] = {key: now[key] for key in before if key in now}
        elif name in unseen or shown.get(key) == written.get(key):
            result[name] = before
        elif name in seen:
            result[name] = seen[name]
    return result


def as_far_as_written(shape: Shape, seen: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """What Stripe shows, without what it filled in inside of objects that the program wrote in part."""
    known = shape.by_name
    return {name: _within(known[name].shape, value, written.get(name)) for name, value in seen.items()}


def _within(shape: Shape, seen: Any, written: Any) -> Any:
    if isinstance(seen, Mapping) and isinstance(written, Mapping):
        if shape.value is not None:
            return {key: _within(shape.value, part, written.get(key)) for key, part in seen.items()}
        return {
            field.name: _within(field.shape, seen[field.name], _meant(field, written))
            for field in shape.fields
            if field.name in seen and _meant(field, written) is not None
        }
    if isinstance(seen, list) and isinstance(written, list) and len(seen) == len(written) and shape.item is not None:
        return [_within(shape.item, *pair) for pair in zip(seen, written, strict=True)]
    return seen


def _meant(field: Field, written: Mapping[str, Any]) -> Any:
    """What the program says of a field inside an object: the default where its drift would change the meaning."""
    bare = field.name.removesuffix("_decimal")
    said = next(
        (written[name] for name in (field.name, bare, f"{bare}_decimal") if written.get(name) is not None), None
    )
    default = field.fact(Default)
    return default.value if said is None and default is not None and field.has(Vital) else said


def outputs(
    kind: Kind, found: Object, args: Mapping[str, Any], olds: Mapping[str, Any], account: str
) -> dict[str, Any]:
    """The resource's outputs: the inputs echoed, what Stripe made, and whose account it is in.

    A secret is shown by Stripe once, so it is carried over from the old outputs.
    """
    echoed = {name: value for name, value in args.items() if value is not None}
    shown = {**found, **kind.stripe.seen(found)}
    made = {**kind.shows(found), **{name: shown.get(name) for name in kind.stripe.computed}}
    secrets = {name: shown.get(name) or olds.get(name) for name in kind.stripe.secret}
    always = {"livemode": found.get("livemode", False), "account": account}
    found_there = {name: value for name, value in {**made, **secrets}.items() if value is not None}
    return {
        **found_there,
        **echoed,
        **{name: found_there[name] for name in kind.alive if name in found_there},
        **always,
    }


def as_outputs(kind: Kind, found: Object, account: str) -> dict[str, Any]:
    """An object that this stack did not make, as if it had: the old side of the update that takes it over."""
    return outputs(kind, found, {**observed(kind, found), **whose(found)}, {}, account)


def whose(found: Object) -> dict[str, str]:
    """The bookkeeping inputs that an object's marks stand for; none when nobody owns it."""
    owner = Owner.of(found)
    return {"_stack": owner.stack, "_key": owner.key} if owner else {}
