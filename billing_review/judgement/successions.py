"""Which price takes the place of which: for whoever buys by the name or by the lookup key, from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from billing_review.judgement.fields import part, text
from billing_review.judgement.sound_prices import priced
from billing_review.pricing import Pricing, currencies_of
from billing_review.steps import Args, Change, Step


@dataclass(frozen=True, slots=True)
class Succession:
    """A price before and after; or one that goes, and the one that takes over its lookup key."""

    step: Step
    """Where it is told: the price that is for sale afterwards."""
    old: Args
    new: Args
    before: str
    """The name of the price that was there."""

    @property
    def is_in_place(self) -> bool:
        """Whether customers who have it feel the change, too: Stripe keeps the price, and it is updated."""
        return self.step.operation == "update" and self.before == self.step.key

    def pricings(self) -> Iterator[tuple[str, Pricing, Pricing]]:
        """The arithmetic before and after, in each currency that both have."""
        for currency in currencies(self.old):
            old, new = priced(self.old, currency), priced(self.new, currency)
            if old is not None and new is not None:
                yield currency, old, new


def currencies(args: Args) -> tuple[str, ...]:
    """The price's own currency, then the others it has; none where the source does not say."""
    return currencies_of({**args, "currency_options": part(args, "currency_options")}) if text(args, "currency") else ()


def successions(change: Change) -> tuple[Succession, ...]:
    """Every price that changes, and every one whose lookup key another price of its product takes over."""
    return (*_changed(change), *_taken_over(change))


def _changed(change: Change) -> Iterator[Succession]:
    for step in change.of("Price"):
        if step.old is not None and step.new is not None and step.operation != "same" and step.old != step.new:
            yield Succession(step, step.old, step.new, step.key)


def _taken_over(change: Change) -> Iterator[Succession]:
    before, after = holders(change, _old), holders(change, _new)
    for key, old in before.items():
        new = after.get(key)
        if new is None or new.key == old.key or new.new is None or old.old is None:
            continue
        if text(old.old, "product") == text(new.new, "product"):
            yield Succession(new, old.old, new.new, old.key)


def holders(change: Change, side: Callable[[Step], Args | None]) -> dict[str, Step]:
    """The price that has each lookup key, before or after."""
    found = ((text(side(step), "lookup_key"), step) for step in change.of("Price"))
    return {key: step for key, step in found if key is not None}


def _old(step: Step) -> Args | None:
    return step.old


def _new(step: Step) -> Args | None:
    return step.new
