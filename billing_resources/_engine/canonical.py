"""One form for equal declarations, so that comparing is ``==``.

Numbers come back from Pulumi as floats, ``None`` disappears, Stripe mirrors ``unit_amount`` in
``unit_amount_decimal``, and defaults may be written or left out. None of that is a difference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from billing_resources._engine.amounts import plain
from billing_resources._engine.facts import (
    AsSet,
    CaseBlind,
    Default,
    Numeral,
    OnlyAtCreate,
    Switched,
    Word,
    is_deferred,
)
from billing_resources._engine.fields import Field, Shape

_DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def whole(value: Any) -> Any:
    """Numbers as they were written: Pulumi hands integers back as floats, at every depth."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: whole(part) for key, part in value.items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [whole(part) for part in value]
    return value


def canonical(shape: Shape, value: Any) -> Any:
    """The one form of a value of this shape; deferred parts stay as they are."""
    if value is None or is_deferred(value):
        return value
    if shape.fields and isinstance(value, Mapping):
        return _object(shape, value)
    if shape.item is not None and isinstance(value, (list, tuple)):
        return [canonical(shape.item, part) for part in value]
    if shape.value is not None and isinstance(value, Mapping):
        inner = shape.value
        return {str(key): canonical(inner, part) for key, part in value.items() if part is not None}
    return whole(value)


def spelled_out(field: Field, value: Any) -> Any:
    """The value with what its words stand for."""
    word = field.fact(Word)
    return value if word is None else word.spelled_out(value)


def _object(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    compared = [field for field in shape.fields if not field.has(OnlyAtCreate)]
    filled = {field.name: _filled(field, value.get(field.name)) for field in compared}
    return one_amount({name: part for name, part in filled.items() if part is not None})


def _filled(field: Field, value: Any) -> Any:
    default = field.fact(Default)
    if value is None and default is not None:
        value = default.value
    form = canonical(field.shape, spelled_out(field, value))
    if form == []:  # Stripe knows no empty lists: one that is emptied is gone
        return None
    if field.has(Switched) and isinstance(form, dict) and form.get("enabled") is False:
        return {"enabled": False}
    if field.has(CaseBlind) and isinstance(form, str):
        return form.lower()
    if field.has(Numeral) and not is_deferred(form):
        return _digits(form)
    if field.has(AsSet) and isinstance(form, list) and not any(is_deferred(part) for part in form):
        return sorted(form, key=repr)
    return form


def one_amount(value: dict[str, Any]) -> dict[str, Any]:
    """``x`` and ``x_decimal`` are one amount: keep the decimal spelling, in plain digits."""
    for name in [key for key in value if f"{key}_decimal" in value or key.endswith("_amount")]:
        whole_amount = value.pop(name)
        value.setdefault(f"{name}_decimal", whole_amount)
    for name in [key for key in value if key.endswith("_decimal") and not is_deferred(value[key])]:
        value[name] = _digits(value[name])
    return value


def _digits(value: Any) -> Any:
    text = str(value)
    return plain(text) if not isinstance(value, bool) and _DIGITS.fullmatch(text) else value


def digits(value: Mapping[str, Any]) -> str | None:
    """The unit amount of a price, tier or currency option as plain decimal digits, however it was written."""
    amount = value.get("unit_amount_decimal")
    amount = value.get("unit_amount") if amount is None else amount
    return None if amount is None else plain(str(amount))
