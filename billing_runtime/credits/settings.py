"""What an application says once about its credits: which prices buy how many, and what a refund takes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

from billing_runtime import _inputs
from billing_runtime._near import unknown_name
from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from billing_runtime.catalog import Price
    from billing_runtime.limits.terms import LimitSettings
    from billing_runtime.manifest import Manifest

#: What is used first has 0; what says nothing is in the middle.
PRIORITY, LAST_PRIORITY = 50, 100

#: A refund or dispute takes back what is not used yet, or everything, so that what was used becomes a debt.
Clawback = Literal["unused", "debt"]
CLAWBACKS: tuple[Clawback, ...] = ("unused", "debt")

#: The reasons of invoices (https://docs.stripe.com/api/invoices/object#invoice_object-billing_reason) for which a
#: recurring price grants: once when a subscription begins and once for each renewal, whatever happens between.
RENEWALS = frozenset({"subscription_create", "subscription_cycle"})

_RETRIES = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))


@dataclass(frozen=True, slots=True)
class TopUp:
    """What a price buys: `units` of a limit's name for each 1 of its quantity.

    `expires_in` counts from the payment; None: they stay until they are used. `priority` is 0 (used first) to 100.
    `reasons` are the reasons of invoices for which it grants. Unless they are given, a recurring price grants for
    `subscription_create` and `subscription_cycle` only, what is paid once for whatever reason it stands on an invoice.
    Raises InvalidInput.
    """

    name: str
    units: int
    expires_in: timedelta | None = None
    priority: int = PRIORITY
    reasons: frozenset[str] | None = None

    def __post_init__(self) -> None:
        _inputs.name(self.name)
        if not isinstance(_inputs.units("units", self.units), int):
            message = "units must be a whole number."
            raise InvalidInput(message)
        require_priority(self.priority)
        if self.expires_in is not None and self.expires_in < timedelta(seconds=1):
            message = "expires_in must be at least a second."
            raise InvalidInput(message)
        if self.reasons is not None and not isinstance(self.reasons, (set, frozenset)):
            message = "reasons must be a set of words, such as frozenset({'subscription_cycle'})."
            raise InvalidInput(message)

    def grants_for(self, reason: str | None, *, once: bool) -> bool:
        """Whether an invoice of this reason grants; `once` says that the price is paid once."""
        if self.reasons is not None:
            return reason in self.reasons
        return once or reason in RENEWALS


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditSettings:
    """Which prices buy credits (by their names in the manifest), and what happens when their money goes back.

    With `clawback="unused"` a refund, a dispute or a void takes back only what is not used yet, so that a balance never
    goes below 0; with `"debt"` what was used as well: that is owed, and whatever comes next pays it first.
    `retries` is how long after each declined payment an automatic top-up is tried again; after the last one it stops,
    until it is set anew. `on_top_up` is called with an `AutoTopUpStatus` after each attempt of the worker's.
    Raises InvalidInput.
    """

    top_ups: Mapping[str, TopUp] = field(default_factory=dict)
    clawback: Clawback = "unused"
    retries: tuple[timedelta, ...] = _RETRIES
    on_top_up: Callable[[Any], object] | None = None

    def __post_init__(self) -> None:
        if self.clawback not in CLAWBACKS:
            message = f"clawback must be one of {', '.join(CLAWBACKS)}."
            raise InvalidInput(message)
        if any(one < timedelta(minutes=1) for one in self.retries):
            message = "retries must be at least a minute each: a bank that said no is not asked again at once."
            raise InvalidInput(message)

    def fitting(self, manifest: Manifest, limits: LimitSettings) -> Self:
        """The same settings, whose prices can buy what they name. Raises UnknownName, InvalidInput."""
        known = manifest.limit_names.union(limits.limits)
        for key, top_up in self.top_ups.items():
            _require_countable(manifest.price(key))
            if limits.plain(top_up.name) not in known:
                kind = "limit"
                raise unknown_name(kind, top_up.name, known)
        return self


def require_priority(priority: int) -> int:
    """A place in the order of use. Raises InvalidInput."""
    if isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= LAST_PRIORITY:
        message = f"priority must be a whole number from 0 (used first) to {LAST_PRIORITY}."
        raise InvalidInput(message)
    return priority


def _require_countable(price: Price) -> None:
    """Its quantity must say how much was bought: usage is no purchase, and tiers put several lines on an invoice."""
    if price.type == "metered" or price.tiers is not None:
        message = f"The price {price.key!r} cannot buy credits: it must neither be metered nor have tiers."
        raise InvalidInput(message)
