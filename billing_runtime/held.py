"""What an entity has subscribed to, as the cache knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from billing_runtime.access import Access, AccessPolicy, access
from billing_runtime.clock import from_unix, system_clock
from billing_runtime.subscription import SubscriptionItem, is_over

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing_runtime.catalog import Limit, Plan
    from billing_runtime.clock import Clock
    from billing_runtime.limits.terms import LimitSource

Json = dict[str, Any]
NONE = "none"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """What pays: a card's brand and last four digits; other kinds have only their type."""

    id: str
    type: str | None
    brand: str | None
    last4: str | None


@dataclass(frozen=True, slots=True)
class Granted:
    """Limits and features of a plan, or of the prices somebody is on; `sources` says where each limit comes from.

    `plan` is the plan they belong to, if there is one; `main` the item whose periods hold for what no item names.
    """

    limits: Mapping[str, Limit] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, LimitSource] = field(default_factory=dict)
    plan: Plan | None = None
    main: SubscriptionItem | None = None


@dataclass(frozen=True, slots=True)
class HeldSubscription:
    """One subscription of an entity, or `status == "none"`. Truthy exactly as long as it gives access.

    `plan` is what was subscribed to, or the free plan where there is nothing. `limits` and `features` are what holds
    now: those of the entity's own prices while there is access, else those of the free plan. Times are aware, in UTC.
    `access`, and what follows from it, is asked of the clock each time.
    """

    entity_id: str
    status: str = NONE
    id: str | None = None
    customer_id: str | None = None
    plan: Plan | None = None
    items: tuple[SubscriptionItem, ...] = ()
    current_period_start: datetime | None = None
    current_period_end: datetime | None = None
    billing_cycle_anchor: datetime | None = None
    trial_start: datetime | None = None
    trial_end: datetime | None = None
    cancel_at_period_end: bool = False
    cancel_at: datetime | None = None
    canceled_at: datetime | None = None
    ended_at: datetime | None = None
    past_due_since: datetime | None = None
    collection_paused: bool = False
    change_pending: bool = False
    payment_method: PaymentMethod | None = None
    own: Granted = field(default_factory=Granted, repr=False)
    free: Granted = field(default_factory=Granted, repr=False)
    policy: AccessPolicy = field(default_factory=AccessPolicy, repr=False)
    clock: Clock = field(default=system_clock, repr=False, compare=False)

    @classmethod
    def none(cls, entity_id: str, plan: Plan | None, free: Granted) -> Self:
        """Nothing is subscribed to."""
        return cls(entity_id, plan=plan, free=free)

    def __bool__(self) -> bool:
        return self.access.allowed

    @property
    def access(self) -> Access:
        """Whether the entity may use it now, why, and until when."""
        return access(self.policy, self.status, now=self.clock(), ends=self.ends_at, past_due_since=self.past_due_since)

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, if it was cancelled for a time."""
        if self.cancel_at is not None:
            return self.cancel_at
        return self.current_period_end if self.cancel_at_period_end else None

    @property
    def over(self) -> bool:
        """Whether it has ended for good, or never was."""
        return self.status == NONE or is_over(self.status)

    @property
    def on_trial(self) -> bool:
        """Whether it is being tried out."""
        return self.status == "trialing"

    @property
    def granted(self) -> Granted:
        """What holds now: its own while there is access, else what the free plan grants."""
        return self.own if self else self.free

    @property
    def limits(self) -> Mapping[str, Limit]:
        """The limits in force now."""
        return self.granted.limits

    @property
    def features(self) -> Mapping[str, str]:
        """The features in force now."""
        return self.granted.features

    def has_price(self, key: str) -> bool:
        """Whether an item is on this price of the catalog, or on one that it replaced."""
        return any(item.price == key for item in self.items)


def read_payment_method(body: Json | None) -> PaymentMethod | None:
    """The payment method in a cached body."""
    return None if body is None else PaymentMethod(body["id"], body.get("type"), body.get("brand"), body.get("last4"))


def moments(body: Json) -> dict[str, Any]:
    """The times of a cached body, under the names of HeldSubscription."""
    names = (
        "billing_cycle_anchor", "trial_start", "trial_end", "cancel_at", "canceled_at", "ended_at", "past_due_since",
    )  # fmt: skip
    edges = {edge: [item[edge] for item in body["items"] if item.get(edge)] for edge in _EDGES}
    # Items may have intervals of their own: together they began when the first did, and last until the first renews.
    return {name: from_unix(body.get(name)) for name in names} | {
        edge: from_unix(min(found)) if found else None for edge, found in edges.items()
    }


_EDGES = ("current_period_start", "current_period_end")
