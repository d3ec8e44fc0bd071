"""What is sold: which prices, how many of each, in which group of plans. Pure; nothing is asked of Stripe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from billing_runtime import _inputs
from billing_runtime._quantity import payments_for, quantity_for
from billing_runtime.errors import AmbiguousPrice, InvalidInput, WrongAudience, WrongCurrency
from billing_runtime.manifest import provisioned

if TYPE_CHECKING:
    from billing_runtime.catalog import Plan, Price
    from billing_runtime.manifest import Manifest

Json = dict[str, Any]
Mode = Literal["subscription", "payment", "setup"]
MODES: tuple[Mode, ...] = ("subscription", "payment", "setup")
_LICENSED = frozenset({"flat", "per_seat"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an application asked for, by name."""

    price: str | Sequence[str] | None = None
    plan: str | None = None
    interval: str | None = None
    currency: str | None = None
    quantity: int | None = None
    trial_days: int | None = None
    mode: Mode = "subscription"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            message = f"mode must be one of {', '.join(MODES)}."
            raise InvalidInput(message)


@dataclass(frozen=True, slots=True)
class Line:
    """One price and how many of it; None for usage."""

    price: Price
    quantity: int | None

    def sent(self) -> Json:
        """As Stripe takes it, in a session and in a subscription alike."""
        count = {} if self.quantity is None else {"quantity": self.quantity}
        return {"price": provisioned(self.price)} | count


@dataclass(frozen=True, slots=True)
class Offer:
    """What is sold to one entity; `group` is None for what may be bought beside everything else."""

    lines: tuple[Line, ...]
    plan: Plan | None
    group: str | None
    trial_days: int | None
    currency: str | None = None

    @property
    def keys(self) -> str:
        """The names of the prices."""
        return ",".join(sorted(line.price.key for line in self.lines))

    @property
    def place(self) -> str:
        """What excludes another such offer: the group of plans, or else the very prices."""
        return self.group or f"price:{self.keys}"


def offer_of(manifest: Manifest, wanted: Wanted, *, kind: str, members: int | None) -> Offer:
    """The offer, or the error that says why there is none; `members` is how many the entity has, if that is known."""
    if (wanted.price is None) == (wanted.plan is None):
        message = "Name either price= or plan=."
        raise InvalidInput(message)
    prices = _of_plan(manifest, wanted) if wanted.price is None else _named(manifest, wanted.price)
    plans = [plan for price in prices if (plan := manifest.plan_of(price))]
    for plan in plans:
        _refuse_audience(plan, kind)
    currency = _currency(prices, wanted.currency)
    lines = _lines(wanted, prices, members)
    group = _group(plans) if wanted.mode == "subscription" else None
    return Offer(lines, plans[0] if plans else None, group, _trial(wanted, prices), currency)


def _named(manifest: Manifest, given: str | Sequence[str]) -> list[Price]:
    names = [given] if isinstance(given, str) else list(given)
    if not names or len(set(names)) != len(names):
        message = "price must be a name, or several different ones."
        raise InvalidInput(message)
    return [manifest.price(name) for name in names]


def _of_plan(manifest: Manifest, wanted: Wanted) -> list[Price]:
    """The plan's one price that fits, and with a subscription the metered ones that go with it."""
    plan = manifest.plan(str(wanted.plan))
    if wanted.mode == "payment":
        return [_only(plan, wanted, [price for price in plan.prices if price.type == "one_time"])]
    licensed = [price for price in plan.prices if price.type in _LICENSED]
    metered = [price for price in plan.prices if price.type == "metered"]
    if not licensed:
        return _alike(_only(plan, wanted, metered, several=True), metered)
    main = _only(plan, wanted, licensed)
    return [main, *_alike(main, metered)]


def _alike(main: Price, prices: list[Price]) -> list[Price]:
    """Those that can be billed with it: the same rhythm, and its currency."""
    rhythm = (main.interval, main.interval_count or 1)
    return [
        price
        for price in prices
        if (price.interval, price.interval_count or 1) == rhythm and main.currency in _currencies(price)
    ]


def _only(plan: Plan, wanted: Wanted, prices: list[Price], *, several: bool = False) -> Price:
    found = [price for price in prices if wanted.interval in {None, price.interval}]
    if not found:
        sort = "one-time" if wanted.mode == "payment" else wanted.interval or "recurring"
        message = f"Plan {plan.key!r} has no {sort} price."
        raise InvalidInput(message)
    if wanted.currency is not None:
        known = sorted({code for price in found for code in _currencies(price)})
        found = [price for price in found if wanted.currency in _currencies(price)]
        if not found:
            raise WrongCurrency.of(f"Plan {plan.key!r}", wanted.currency, known)
    marked = [price for price in found if price.default]
    if len(found) > 1 and len(marked) != 1 and not (several and _same_rhythm(found)):
        raise AmbiguousPrice(plan.key, [price.key for price in found])
    return (marked or found)[0]


def _same_rhythm(prices: list[Price]) -> bool:
    return len({(price.interval, price.interval_count or 1) for price in prices}) == 1


def _currencies(price: Price) -> set[str]:
    return {price.currency, *price.currency_options}


def _currency(prices: list[Price], wanted: str | None) -> str | None:
    """The currency to be asked for by name; None where every price's own is the same one."""
    common = set.intersection(*(_currencies(price) for price in prices))
    own = {price.currency for price in prices}
    if wanted is None:
        if len(own) == 1:
            return None
        wanted = next(iter(sorted(common & own)), None)
    if wanted not in common:
        names = " and ".join(repr(price.key) for price in prices)
        raise WrongCurrency.of(f"Price {names}", wanted or "one currency", sorted(common) or ["none in common"])
    return None if own == {wanted} else wanted


def _refuse_audience(plan: Plan, kind: str) -> None:
    if not plan.is_for(kind):
        raise WrongAudience.of(plan.key, kind, plan.audience)


def _group(plans: list[Plan]) -> str | None:
    groups = sorted({plan.group for plan in plans})
    if len(groups) > 1:
        message = f"These prices are of several plan groups ({', '.join(groups)}): subscribe to each by itself."
        raise InvalidInput(message)
    return groups[0] if groups else None


def _count(wanted: Wanted, price: Price, members: int | None, *, counted: bool) -> int | None:
    """How many of one price: what was asked for counts for the one that has a number of its own."""
    asked = wanted.quantity if counted else None
    if wanted.mode == "payment":
        return payments_for(price, asked)
    return quantity_for(price, asked, members)


def _lines(wanted: Wanted, prices: list[Price], members: int | None) -> tuple[Line, ...]:
    """A quantity is meant for the seats, if there are any among several prices, else for the first price."""
    seats = [price for price in prices if price.type == "per_seat"]
    counted = (seats or prices)[0]
    return tuple(Line(price, _count(wanted, price, members, counted=price is counted)) for price in prices)


def _trial(wanted: Wanted, prices: list[Price]) -> int | None:
    """The days the application says, else the first price's own; a one-time price has none."""
    if wanted.mode != "subscription":
        if wanted.trial_days:
            message = f"mode={wanted.mode!r} has no trial: leave trial_days out."
            raise InvalidInput(message)
        return None
    if wanted.trial_days is None:
        return prices[0].trial_days or None
    days = _inputs.whole("trial_days", wanted.trial_days)
    if days < 0:
        message = "trial_days must not be negative; 0 is no trial."
        raise InvalidInput(message)
    return days or None
