"""How tiers and packages are counted, in a sentence with an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from billing_review.pricing import Pricing
from billing_review.telling.price.examples import written_out
from billing_review.telling.price.tiers import bounds
from billing_review.telling.words import capital, counted, number, plural


def explanation(pricing: Pricing, noun: str) -> str | None:
    """None where an amount times a quantity is all there is to it."""
    if pricing.package:
        return _PACKAGES[pricing.package.round](pricing, noun)
    return _TIERS[pricing.mode](pricing, noun) if pricing.mode in _TIERS else None


def _example(pricing: Pricing, quantity: int, noun: str) -> str:
    verb = "costs" if quantity == 1 else "cost"
    return f"{counted(quantity, noun)} {verb} {written_out(pricing, quantity)}"


def _up(pricing: Pricing, noun: str) -> str:
    size = pricing.package.divide_by if pricing.package else 1
    packages = f"{capital(plural(noun))} are billed in packages of {number(size)}, and a started one is billed whole"
    return f"{packages}: {_example(pricing, size + 1, noun)}."


def _down(pricing: Pricing, noun: str) -> str:
    size = pricing.package.divide_by if pricing.package else 1
    packages = f"{capital(plural(noun))} are billed in packages of {number(size)}, and only full packages count"
    return f"{packages}: {_example(pricing, 2 * size - 1, noun)}."


def _beyond(pricing: Pricing) -> int:
    """A quantity well inside of the second tier."""
    ends = bounds(pricing)
    return min(2 * ends[0], *ends[1:2] or (2 * ends[0],)) if ends else 10


def _volume(pricing: Pricing, noun: str) -> str:
    rule = "The whole quantity is billed at the amount of its tier"
    return f"{rule}: {_example(pricing, _beyond(pricing), noun)}."


def _graduated(pricing: Pricing, noun: str) -> str:
    fees = ", its fee once it is reached" if any(tier.flat for tier in pricing.tiers) else ""
    rule = f"Each tier's amount counts only for the {plural(noun)} within that tier{fees}"
    return f"{rule}: {_example(pricing, _beyond(pricing), noun)}."


Explain = Callable[[Pricing, str], str]
_PACKAGES: Mapping[str, Explain] = {"up": _up, "down": _down}
_TIERS: Mapping[str | None, Explain] = {"volume": _volume, "graduated": _graduated}
