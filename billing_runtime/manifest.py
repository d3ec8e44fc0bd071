"""The manifest: what provisioning tells the application about its stack, read into frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from billing_runtime._near import unknown_name
from billing_runtime.errors import NotProvisioned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.catalog import (
        Alert,
        Meter,
        Plan,
        PortalConfiguration,
        Price,
        Product,
        PromotionCode,
        WebhookEndpoint,
    )

_T = TypeVar("_T")

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: The newest major version of the manifest that this package reads.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """One stack's plans, prices and ids. Made by `billing_runtime.load_manifest`, never by hand.

    `limit_names` are the names of all limits of its plans and prices.
    """

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
    portal_configurations: Mapping[str, PortalConfiguration] = field(default_factory=dict)
    promotion_codes: Mapping[str, PromotionCode] = field(default_factory=dict)
    limit_names: frozenset[str] = field(default=frozenset(), repr=False)

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

    def portal_configuration(self, key: str) -> PortalConfiguration:
        """The configuration of the customer portal, or an error that lists near names."""
        return _named("portal configuration", self.portal_configurations, key)

    def promotion_code(self, key: str) -> PromotionCode:
        """The promotion code, or an error that lists near names."""
        return _named("promotion code", self.promotion_codes, key)

    def plan_of(self, price: Price) -> Plan | None:
        """The plan that sells a price: the first by rank, should several do."""
        return next((plan for plan in self.plans_for() if price in plan.prices), None)

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


def provisioned(
    thing: Product | Price | Meter | Alert | WebhookEndpoint | PortalConfiguration | PromotionCode,
) -> str:
    """The Stripe id, which only a manifest of the catalog alone does not have."""
    if thing.id is None:
        raise NotProvisioned.object(_WORDS.sub(" ", type(thing).__name__).lower(), thing.key)
    return thing.id


def _named(kind: str, known: Mapping[str, _T], key: str) -> _T:
    try:
        return known[key]
    except KeyError:
        raise unknown_name(kind, key, known) from None
