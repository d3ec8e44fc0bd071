"""Checks a declaration at the user's edge: every problem of a call at once, without echoing a value."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from billing_resources._engine.facts import Unreadable
from billing_resources._engine.fields import Shape, fields_of
from billing_resources._engine.metadata_rules import keys_fit, metadata_fits

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from billing_resources._engine.kind import Kind

CONFIG = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)
"""For ``@with_config`` on every declared ``TypedDict``: nothing unknown, nothing converted."""

TODAY = {
    "usage_threshold_config": 'is spelled usage_threshold today: {"meter": …, "gte": …}',
    "filter": "is spelled filters, inside usage_threshold, today",
    "recurrence": "belongs into usage_threshold, and is always 'one_time': an alert fires once for each customer",
    "aggregate_usage": "is gone: the meter's default_aggregation says how usage adds up",
    "transform_usage": 'is spelled transform_quantity today: {"divide_by": …, "round": "up"}',
    "usage_type_metered": "belongs into recurring, beside the meter",
    "trial_period_days": "does nothing on a price at Stripe: write trial_days on the price instead",
    "nick_name": "is spelled nickname",
    "default_price": "is not written here: set default on the price itself",
    "active": "is not written: what is declared is active, and what is removed is archived",
    "coupon": 'belongs into promotion today: {"coupon": …}',
    "transfer_lookup_key": "goes without saying: a lookup key moves to the price that takes over",
}
"""What old guides teach and what goes without saying, answered with today's spelling."""

_SENTENCES = {
    "missing": "is required",
    "int_type": "takes a whole number",
    "int_from_float": "takes a whole number",
    "string_type": "takes a string",
    "bool_type": "takes true or false",
    "dict_type": "takes an object with named fields",
    "list_type": "takes a list",
}


@cache
def _adapter(args: Any) -> TypeAdapter[Any]:
    return TypeAdapter(args)


Place = tuple[int | str, ...]
"""Where in a value: the steps from the outside in."""


def problems(kind: Kind, props: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every problem of the declared fields as ``(path, sentence)``; deferred values are checked once they are there."""
    found = field_problems(kind.args, kind.name, props)
    texts = [(path_text(place), sentence) for place, sentence in found]
    return list(dict.fromkeys(texts + rule_problems(kind, props, {str(place[0]) for place, _ in found})))


def rule_problems(kind: Kind, props: Mapping[str, Any], broken: AbstractSet[str]) -> list[tuple[str, str]]:
    """What the rules over several fields say; the broken fields were refused already and count as unreadable."""
    readable = {name: Unreadable() if name in broken else value for name, value in props.items()}
    found = [*metadata_fits(readable), *(keys_fit(readable, kind.marks) if kind.stripe.has_metadata else ())]
    for rule in kind.rules:
        found.extend(rule(readable))
    return list(dict.fromkeys(found))


def field_problems(args: Any, owner: str, props: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """Every problem of single fields of a declared ``TypedDict``, one for each place."""
    try:
        _adapter(args).validate_python(dict(props))
    except ValidationError as error:
        return _by_place(args, owner, props, error)
    return []


def _by_place(args: Any, owner: str, props: Mapping[str, Any], error: ValidationError) -> list[tuple[Place, str]]:
    """A value that may be one thing or another has a complaint from each: they become one sentence."""
    shape, found = Shape(fields=fields_of(args)), dict[Place, list[str]]()
    for detail in error.errors(include_url=False, include_input=False):
        place = _place(detail["loc"], props)
        sentences = found.setdefault(place, [])
        sentence = _sentence(owner, shape, detail, place)
        sentences += [] if sentence in sentences else [sentence]
    return [(place, ", or ".join(sentences)) for place, sentences in found.items()]


def _place(loc: Place, value: Any) -> Place:
    """The steps that lead through the value; pydantic adds the names of its own validators."""
    place: list[int | str] = []
    for part in loc:
        inside = _inside_value(value, part)
        is_written = isinstance(value, Mapping) and part in value
        if inside is None and not is_written and _is_noise(part):
            continue
        value = inside
        place.append(part)
    return tuple(place)


def _inside_value(value: Any, part: int | str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) else None


def _is_noise(part: int | str) -> bool:
    return isinstance(part, str) and ("[" in part or part in {"int", "str", "constrained-int", "constrained-str"})


def path_text(place: Place) -> str:
    """The place as a person writes it: ``tiers[0].up_to``."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _sentence(owner: str, shape: Shape, detail: ErrorDetails, place: Place) -> str:
    if detail["type"] == "extra_forbidden":
        return unknown_field(owner, shape, place)
    if detail["type"] == "literal_error":
        return _choice(str(detail.get("ctx", {}).get("expected")), place)
    sentence = _SENTENCES.get(detail["type"])
    return sentence or _lower(detail["msg"])


def _choice(expected: str, place: Place) -> str:
    if place[-1] == "recurrence":
        return "is always 'one_time': an alert fires once for each customer, there are no daily or monthly windows"
    return f"must be {expected}"


def _lower(message: str) -> str:
    message = message.replace("Input should be", "must be")
    return message[:1].lower() + message[1:]


def unknown_field(owner: str, shape: Shape | None, place: Place) -> str:
    """The sentence about a field nobody knows: today's spelling, or the nearest name."""
    name = str(place[-1])
    if name in TODAY:
        return TODAY[name]
    for part in place[:-1]:
        shape = _inside(shape, part)
    known = list(shape.by_name) if shape is not None else []
    near = difflib.get_close_matches(name, known, n=1)
    hint = f": did you mean {near[0]}?" if near else f"; known fields are {', '.join(known)}"
    where = f"{owner}.{path_text(place[:-1])}" if place[:-1] else owner
    return f"is not a field of {where}{hint}"


def _inside(shape: Shape | None, part: int | str) -> Shape | None:
    if shape is None:
        return None
    if isinstance(part, int):
        return shape.item
    field = shape.by_name.get(part)
    return field.shape if field is not None else shape.value
