"""The full form of a catalog: short forms written out, and what goes without saying said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from billing_resources._engine.currencies import CURRENCIES
from billing_resources._engine.facts import Short, Unreadable, Word
from billing_resources._engine.fields import Shape


def full_form(shape: Shape, data: Mapping[str, Any]) -> dict[str, Any]:
    """The catalog as the classes take it; what is not understood stays as it is, for the checks to refuse."""
    full: dict[str, Any] = written_out(shape, data)
    for price in _prices(full):
        _say_metered(price)
    for owner, name in _without_currency(full) if "currency" in full else ():
        known = full["currency"] in CURRENCIES if isinstance(full["currency"], str) else False
        owner[name] = full["currency"] if known else Unreadable()  # refused once, not in every price
    return full


def _without_currency(full: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """What has an amount and does not say in which currency, and where it would say it."""
    coupons = [one for one in _mappings(full.get("coupons")) if "amount_off" in one]
    yield from ((one, "currency") for one in (*_prices(full), *coupons) if "currency" not in one)
    for code in _mappings(full.get("promotion_codes")):
        limits = code.get("restrictions")
        if isinstance(limits, dict) and "minimum_amount" in limits and "minimum_amount_currency" not in limits:
            yield limits, "minimum_amount_currency"


def written_out(shape: Shape, value: Any) -> Any:
    """Short forms as the objects they stand for: ``month`` is ``{interval: month}``; an empty section is empty."""
    if isinstance(value, Mapping):
        return {key: written_out(_inside(shape, key), _listed(shape, key, part)) for key, part in value.items()}
    if isinstance(value, list) and not shape.fields:
        return [written_out(shape.item or Shape(), part) for part in value]
    if value is None:
        return {} if shape.value is not None else None
    short = next((field.name for field in shape.fields if field.has(Short)), None)
    return value if short is None else {short: value}


def _listed(shape: Shape, key: str, value: Any) -> Any:
    """A word that stands for several items may stand alone: ``runtime`` is ``[runtime]``."""
    field = shape.by_name.get(key) if shape.value is None else None
    word = field.fact(Word) if field is not None else None
    return [value] if word is not None and value == word.word else value


def _inside(shape: Shape, key: str) -> Shape:
    if shape.value is not None:
        return shape.value
    field = shape.by_name.get(key)
    return field.shape if field is not None else Shape()


def _prices(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in ("plans", "products"):
        for owner in _mappings(data.get(section)):
            yield from _mappings(owner.get("prices"))


def _mappings(section: Any) -> list[dict[str, Any]]:
    return [one for one in section.values() if isinstance(one, dict)] if isinstance(section, Mapping) else []


def _say_metered(price: Mapping[str, Any]) -> None:
    recurring = price.get("recurring")
    if isinstance(recurring, dict) and "meter" in recurring:
        recurring.setdefault("usage_type", "metered")
