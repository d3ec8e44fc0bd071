"""What the random kills want of a stack, how that changes, and what Stripe must show of it in the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    import stripe

# How many writes an operation makes of what the state has: where in it a kill can fall.
WRITES = {"create": 9, "update": 3, "reprice": 3, "default": 2, "rethreshold": 2, "remove": 2, "add": 2, "destroy": 9}
ADDON = {"addon.tokens"}
PRICES = {"team.monthly", "team.yearly"}


@dataclass(frozen=True)
class Wanted:
    """The catalog of the program; `made` counts every price there ever was, for prices are never deleted."""

    name: str = "Team"
    month: int = 1000
    year: int = 10_000
    default: str = "month"
    display: str = "Tokens"
    gte: int = 100
    events: tuple[str, ...] = ("invoice.paid",)
    addon: bool = True
    deployed: bool = False
    made: tuple[str, ...] = field(default=())

    def facts(self) -> dict[str, Any]:
        """What the program reads."""
        return asdict(self)

    @property
    def prices(self) -> set[str]:
        """The keys of the prices that are wanted."""
        return PRICES | (ADDON if self.addon else set())


def choose(was: Wanted, rng: random.Random) -> str:
    """An operation that has something to do."""
    if not was.deployed:
        return "create"
    addon = "remove" if was.addon else "add"
    return rng.choice(["update", "reprice", "default", "rethreshold", addon, "refresh", "destroy", "destroy"])


def after(was: Wanted, operation: str) -> Wanted:
    """What is wanted once an operation is done."""
    changed = _changes(was)[operation]
    now = replace(was, **{name: value for name, value in changed.items() if name != "new"})
    return replace(now, made=(*was.made, *sorted(changed.get("new", ()))))


def _changes(was: Wanted) -> dict[str, dict[str, Any]]:
    other = {"invoice.paid": ("invoice.paid", "invoice.voided"), "invoice.voided": ("invoice.paid",)}
    name = "Team" if was.name != "Team" else "Crew"
    return {
        "create": {"deployed": True, "new": was.prices},
        "update": {"name": name, "display": f"{name} tokens", "events": other[was.events[-1]]},
        "reprice": {"month": was.month + 100, "new": {"team.monthly"}},
        "default": {"default": "year" if was.default == "month" else "month"},
        "rethreshold": {"gte": was.gte + 1},
        "remove": {"addon": False},
        "add": {"addon": True, "new": ADDON},
        "refresh": {"name": name},
        "destroy": {"deployed": False},
    }


def expected(wanted: Wanted) -> dict[str, Any]:
    """What Stripe has after a run that nobody disturbed."""
    there = wanted.deployed
    amounts = {"team.monthly": wanted.month, "team.yearly": wanted.year, "addon.tokens": 4}
    default = f"team.{wanted.default}ly"
    products = [["team", wanted.name, default], *([["addon", "Add-on", None]] if wanted.addon else [])]
    return {
        "products": sorted(products, key=str) if there else [],
        "prices": sorted(([key, amounts[key], _lookup_key(key)] for key in wanted.prices), key=str) if there else [],
        "prices ever": dict(sorted(Counter(wanted.made).items())),
        "meters": [["tokens", wanted.display, "active" if there else "inactive"]],
        "alerts": [wanted.gte] if there else [],
        "endpoints": [sorted(wanted.events)] if there else [],
    }


def _lookup_key(key: str) -> str | None:
    return None if key in ADDON else key.replace(".", "_")


def found(client: stripe.StripeClient) -> dict[str, Any]:
    """What Stripe has: everything active, by its marks, and every price there ever was."""
    products = client.v1.products.list({"limit": 100, "active": True}).data
    active = client.v1.prices.list({"limit": 100, "active": True}).data
    retired = client.v1.prices.list({"limit": 100, "active": False}).data
    keys = {price.id: price.metadata["billing:key"] for price in active}
    alerts = client.v1.billing.alerts.list().data
    return {
        "products": sorted(
            ([one.metadata["billing:key"], one.name, keys.get(str(one.default_price))] for one in products), key=str
        ),
        "prices": sorted(([keys[one.id], one.unit_amount, one.lookup_key] for one in active), key=str),
        "prices ever": dict(sorted(Counter(one.metadata["billing:key"] for one in (*active, *retired)).items())),
        "meters": [[one.event_name, one.display_name, one.status] for one in client.v1.billing.meters.list().data],
        "alerts": [one.usage_threshold.gte for one in alerts if one.status == "active" and one.usage_threshold],
        "endpoints": [sorted(one.enabled_events) for one in client.v1.webhook_endpoints.list().data],
    }


def marked(client: stripe.StripeClient) -> dict[str, str]:
    """Everything active that has marks: its id, and its key."""
    products = client.v1.products.list({"limit": 100, "active": True}).data
    prices = client.v1.prices.list({"limit": 100, "active": True}).data
    endpoints = client.v1.webhook_endpoints.list({"limit": 100}).data
    marks = [(one.id, one.metadata) for found in (products, prices, endpoints) for one in found]
    return {identifier: metadata["billing:key"] for identifier, metadata in marks if metadata}
