"""How many of something a Stripe account takes, refused before anything is made.

What other stacks have in the same account is not known beforehand: that is Stripe's to refuse.
https://docs.stripe.com/billing/subscriptions/usage-based/alerts, https://docs.stripe.com/event-destinations
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from billing_resources._engine.facts import is_deferred, is_known

MOST_ALERTS, MOST_ENDPOINTS = 25, 16
_ENDPOINTS = ("WebhookEndpoint", "EventDestination")


@dataclass(frozen=True)
class Ceiling:
    """What a resource takes one of, how many of that there are, and what to say to one that comes too late."""

    of: Hashable
    most: int
    sentence: str


def ceiling(kind: str, args: Mapping[str, Any]) -> Ceiling | None:
    """The ceiling that a resource of this kind is under, if any."""
    if kind in _ENDPOINTS:
        return _endpoints()
    return _alerts(args) if kind == "Alert" else None


def _endpoints() -> Ceiling:
    said = f"is beyond the {MOST_ENDPOINTS} webhook endpoints and event destinations that a Stripe account can have"
    return Ceiling(_ENDPOINTS, MOST_ENDPOINTS, f"{said}: remove one, or send its events to another one's address")


def _alerts(args: Mapping[str, Any]) -> Ceiling | None:
    threshold = args.get("usage_threshold")
    if not is_known(threshold) or not isinstance(threshold, Mapping) or threshold.get("meter") is None:
        return None
    customer = _customer(threshold.get("filters"))
    whom = "all customers together" if customer is None else "one customer"
    said = f"is beyond the {MOST_ALERTS} alerts that Stripe keeps on one meter for {whom}: remove one"
    return Ceiling(("Alert", _identity(threshold["meter"]), _identity(customer)), MOST_ALERTS, said)


def _customer(filters: Any) -> Any:
    if is_known(filters) and isinstance(filters, list) and filters and isinstance(filters[0], Mapping):
        return filters[0].get("customer")
    return None


def _identity(value: Any) -> Hashable:
    """A value that comes later is told from others by which object it is."""
    return ("later", id(value)) if is_deferred(value) or not isinstance(value, Hashable) else value
