"""The manifest: what provisioning tells the application about its stack, read into frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from billing_runtime._near import unknown_name
from billing_runtime.errors import NotProvisioned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.catalog import Alert, Meter, Plan, Price, Product, WebhookEndpoint

_T = TypeVar("_T")

#: The newest major version of the manifest that this package reads.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """One stack's plans, prices and ids. Made by `billing_runtime.load_manifest`, never by hand."""

    project: str
    stack: str
    account: str | None
    livemode: bool | None
    api_version: str
    version: int = VERSION
    catalog_digest: str | None = None
    plans: Mapping[str, Plan] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)
    meters: Mapping[str, Meter] = field(default_factory=dict)
    alerts: Mapping[str, Alert] = field(default_factory=dict)
    webhook_endpoints: Mapping[str, WebhookEndpoint] = field(default_factory=dict)

    def plan(self, key: str) -> Plan:
        """The plan, or an error that lists near names."""
        return _named("plan", self.plans, key)

    def product(self, key: str) -> Product:
        """The product, or an error that lists near names."""
        return _named("product", self.products, key)

    def price(self, key: str) -> Price:
        """The price, or an error that lists near names."""
        return _named("price", self.prices, key)

    def meter(self, key: str) -> Meter:
        """The meter, or an error that lists near names."""
        return _named("meter", self.meters, key)

    def alert(self, key: str) -> Alert:
        """The alert, or an error that lists near names."""
        return _named("alert", self.alerts, key)

    def webhook_endpoint(self, key: str) -> WebhookEndpoint:
        """The webhook endpoint, or an error that lists near names."""
        return _named("webhook endpoint", self.webhook_endpoints, key)

    def plans_for(self, kind: str | None = None) -> tuple[Plan, ...]:
        """All plans by rank, or those an entity of this kind may have."""
        plans = sorted(self.plans.values(), key=lambda plan: (plan.rank, plan.key))
        return tuple(plan for plan in plans if kind is None or plan.is_for(kind))

    def price_with_id(self, price_id: str) -> Price | None:
        """The price with this Stripe id, if the catalog still sells it."""
        return next((price for price in self.prices.values() if price.id == price_id), None)

    def meter_with_event(self, event_name: str) -> str | None:
        """The key of the meter that listens to this event, if there is one."""
        return next((meter.key for meter in self.meters.values() if meter.event_name == event_name), None)

    @property
    def owner(self) -> str:
        """The value of the mark `billing:stack` on this stack's objects."""
        return f"{self.project}/{self.stack}"


def provisioned(thing: Product | Price | Meter | Alert | WebhookEndpoint) -> str:
    """The Stripe id, which only a manifest of the catalog alone does not have."""
    if thing.id is None:
        raise NotProvisioned.object(type(thing).__name__.lower(), thing.key)
    return thing.id


def _named(kind: str, known: Mapping[str, _T], key: str) -> _T:
    try:
        return known[key]
    except KeyError:
        raise unknown_name(kind, key, known) from None
