"""The tiers of a price as they are written, in each currency, whether they make sense or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing_review.judgement.fields import items, number, part, text, whole
from billing_review.judgement.rule import Case
from billing_review.steps import Args, Step


@dataclass(frozen=True, slots=True)
class WrittenTier:
    """One tier as it is written."""

    first: int | None
    """Its first unit; None where the bound before it is no number."""
    last: int | None
    """Its last unit; None where it has no end."""
    unit: Decimal | None
    flat: Decimal | None
    is_bounded: bool
    """Whether its end can be read at all."""

    @property
    def is_free(self) -> bool:
        """Whether its units cost nothing."""
        return not self.unit and not self.flat and (self.unit is not None or self.flat is not None)


@dataclass(frozen=True, slots=True)
class WrittenTiers:
    """All tiers of a price in one currency."""

    step: Step
    currency: str
    tiers: tuple[WrittenTier, ...]
    mode: str


def new_tiers(case: Case) -> Iterator[WrittenTiers]:
    """The tiers that this change brings: those that were so before are not looked at again."""
    for step in case.change.of("Price"):
        for currency, written in _by_currency(step.new):
            if dict(_by_currency(step.old)).get(currency) != written:
                mode = text(step.new, "tiers_mode") or "graduated"
                yield WrittenTiers(step, currency, tuple(_read(written)), mode)


def _by_currency(args: Args | None) -> Iterator[tuple[str, list[Any]]]:
    if items(args, "tiers"):
        yield text(args, "currency") or "", list(items(args, "tiers"))
    for currency, option in part(args, "currency_options").items():
        if isinstance(option, Mapping) and items(option, "tiers"):
            yield currency, list(items(option, "tiers"))


def _read(written: list[Any]) -> Iterator[WrittenTier]:
    first: int | None = 1
    for tier in written:
        args = tier if isinstance(tier, Mapping) else {}
        last = whole(args.get("up_to"))
        unit, flat = _amount(args, "unit_amount"), _amount(args, "flat_amount")
        yield WrittenTier(first, last, unit, flat, last is not None or args.get("up_to") in (None, "inf"))
        first = None if last is None else last + 1


def _amount(args: Mapping[str, Any], name: str) -> Decimal | None:
    found = number(args.get(name))
    return number(args.get(f"{name}_decimal")) if found is None else found
