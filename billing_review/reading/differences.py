"""The paths at which two values differ, for engines and hosts that do not tell: unit_amount, tiers[1].up_to.

Equal amounts are equal however they are written; the order of names in a list means nothing.
https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_MIRROR = "_decimal"
_CASE_BLIND = "code"
"""What customers type, in capitals or not. https://docs.stripe.com/api/promotion_codes/object"""


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Every path at which they differ, in order."""
    return tuple(sorted(path for path, _, _ in _paths("", _one_amount(old), _one_amount(new))))


def both_say(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The places that both have and that say something else; what only one of them has is no contradiction.

    Defaults, which one side leaves out, are not told from what is missing, so this is for what must not be a mistake.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if old.get("enabled") is False and new.get("enabled") is False:
            return
        before, after = _one_amount(old), _one_amount(new)
        for key in sorted(before.keys() & after.keys()):
            if not _same_code(key, before, after):
                yield from both_say(before[key], after[key], stepped(path, key))
    elif not equal(old, new):
        yield path, old, new


def equal(old: Any, new: Any) -> bool:
    """Whether two values mean the same as far as it can be told without knowing the field."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        before, after = _one_amount(old), _one_amount(new)
        return before.keys() == after.keys() and all(equal(before[key], after[key]) for key in before)
    if isinstance(old, list) and isinstance(new, list):
        return _equal_lists(old, new)
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    return bool(old == new) or _as_number(old) == _as_number(new) is not None


def stepped(path: str, key: str) -> str:
    """A path one step further in."""
    if not key.replace("_", "a").replace("-", "a").isalnum():
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _equal_lists(old: list[Any], new: list[Any]) -> bool:
    if len(old) != len(new):
        return False
    if all(isinstance(one, str) for one in (*old, *new)):
        return sorted(old) == sorted(new)
    return all(map(equal, old, new))


def _paths(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if equal(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        before, after = _one_amount(old), _one_amount(new)
        for key in sorted(before.keys() | after.keys()):
            if not _same_code(key, before, after):
                yield from _paths(stepped(path, key), before.get(key), after.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from _paths(f"{path}[{index}]", *pair)
    else:
        yield path, old, new


def _one_amount(value: Mapping[str, Any]) -> dict[str, Any]:
    """``unit_amount_decimal`` under the name of the amount that it is."""
    return {key.removesuffix(_MIRROR): part for key, part in value.items() if part is not None}


def _same_code(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    sides = (old.get(key), new.get(key))
    return key == _CASE_BLIND and len({one.casefold() if isinstance(one, str) else None for one in sides}) == 1


def _as_number(value: Any) -> Decimal | None:
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    try:
        found = Decimal(value) if isinstance(value, str) and value[:1] in "-0123456789" and value.isascii() else None
    except InvalidOperation:
        return None
    return found
