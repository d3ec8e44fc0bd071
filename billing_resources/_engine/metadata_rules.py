"""What Stripe's metadata has room for: 50 keys of 40 characters, values of 500. https://docs.stripe.com/metadata"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from billing_resources._engine.facts import is_deferred, is_known
from billing_resources._engine.marks import Mark, is_mark

Problems = list[tuple[str, str]]
MOST_KEYS, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500
_OWNER = 2
"""The marks that say whose an object is."""
_RESERVED = "begins with billing:, limits: or features:, which are reserved for the marks of this package"


def metadata_fits(args: Mapping[str, Any]) -> Problems:
    """Keys and values that Stripe takes, and none that are marks."""
    metadata = args.get("metadata")
    if not isinstance(metadata, Mapping):
        return []
    found = [(f'metadata["{key}"]', _RESERVED) for key in metadata if is_mark(key)]
    for key, value in metadata.items():
        found.extend((f'metadata["{key}"]', sentence) for sentence in _room(key, value))
    return found


def keys_fit(args: Mapping[str, Any], marks: Sequence[Mark]) -> Problems:
    """The keys of the program and the marks share the room of one object; each limit and feature is a mark."""
    own = len(_known(args, "metadata"))
    ours = _OWNER + sum(_marks_of(mark, args) for mark in marks) + _marks_meter(args)
    if own + ours <= MOST_KEYS:
        return []
    field = next(name for name in ("metadata", "limits", "features") if _known(args, name))
    said = f"has {own} keys, and the marks of this package take {ours} more" if own else f"makes {ours} marks"
    return [(field, f"{said}: Stripe's metadata has room for {MOST_KEYS}, so remove {own + ours - MOST_KEYS}")]


def _marks_of(mark: Mark, args: Mapping[str, Any]) -> int:
    if mark.field in {"limits", "features"}:
        return len(_known(args, mark.field))
    return int(not mark.field or args.get(mark.field) is not None)


def _marks_meter(args: Mapping[str, Any]) -> int:
    recurring = args.get("recurring")
    return int(is_known(recurring) and isinstance(recurring, Mapping) and recurring.get("meter") is not None)


def limits_and_features_fit(args: Mapping[str, Any]) -> Problems:
    """They travel as metadata, so their names and values must fit into it."""
    found: Problems = []
    for field in ("limits", "features"):
        entries = _known(args, field)
        for name, value in entries.items():
            text = value if field == "features" else None
            found.extend((f'{field}["{name}"]', sentence) for sentence in _room(name, text, prefix=f"{field}:"))
            found.extend(_one_word(name, value) if field == "limits" else [])
    return found


def _one_word(name: str, limit: Any) -> Problems:
    meter = limit.get("meter") if isinstance(limit, Mapping) else None
    if not isinstance(meter, str) or not (" " in meter or "=" in meter or not meter):
        return []
    return [(f"limits.{name}.meter", "takes the name of a declared meter, without spaces and equals signs")]


def _known(args: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = args.get(field)
    return value if is_known(value) and isinstance(value, Mapping) else {}


def _room(key: str, value: Any, prefix: str = "") -> Iterator[str]:
    most = LONGEST_KEY - len(prefix)
    if not key or len(key) > most:
        yield f"takes a name of 1 to {most} characters, which is what Stripe's metadata has room for"
    if "[" in key or "]" in key:
        yield "takes a name without square brackets"
    if value == "":
        yield "takes a text: Stripe unsets a key whose value is empty"
    if not is_deferred(value) and isinstance(value, str) and len(value) > LONGEST_VALUE:
        yield f"has more than {LONGEST_VALUE} characters, the most that Stripe's metadata has room for"
