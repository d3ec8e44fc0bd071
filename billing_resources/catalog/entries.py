"""The resources that a catalog in its full form stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from billing_resources._engine import every_kind
from billing_resources._engine.fields import fields_of
from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources._engine.validation import Place
from billing_resources.catalog.names import attachment_name, endpoint_names, price_name
from billing_resources.product import ProductArgs

assert every_kind  # noqa: S101 - imported for filling the registry
FIRST = (("Meter", "meters"), ("Feature", "features"))
"""Kinds and sections of what plans and products refer to."""
LATER = (
    ("Coupon", "coupons"),
    ("PromotionCode", "promotion_codes"),
    ("PortalConfiguration", "portal"),
    ("TaxRate", "tax_rates"),
    ("Alert", "alerts"),
    ("EventDestination", "event_destinations"),
)
"""Those of what refers to them, or to what stands before it."""
INHERITED = ("limits", "features")
"""What a plan gives to each of its prices."""
ROTATION = ("rotate", "retired")
"""What an endpoint says of how often it is there."""


@dataclass(frozen=True)
class Entry:
    """One resource: its kind, its name, its arguments with references by name, and where the catalog says so."""

    kind: Kind
    key: str
    args: Mapping[str, Any]
    place: Place
    inherited: frozenset[Place] = frozenset()
    """Places inside of it that its plan wrote, and not it."""

    def written(self, inside: Place) -> Place:
        """Where the catalog says what stands at a place inside of the entry."""
        return (*(self.place[:-2] if inside[:2] in self.inherited else self.place), *inside)


def entries(data: Mapping[str, Any]) -> Iterator[Entry]:
    """Every resource of the catalog; entries that are no objects are left out, since they were refused."""
    for kind, name in FIRST:
        yield from _plain(kind, name, data)
    for name in ("plans", "products"):
        for key, owner in section(data, name):
            yield from sold(key, owner, (name, key))
            yield from entitled(key, owner, (name, key))
    for kind, name in LATER:
        yield from _plain(kind, name, data)
    for key, endpoint in section(data, "webhook_endpoints"):
        args = {field: value for field, value in endpoint.items() if field not in ROTATION}
        for name in endpoint_names(key, number(endpoint, "rotate", 1), number(endpoint, "retired", 0)):
            yield Entry(REGISTRY["WebhookEndpoint"], name, args, ("webhook_endpoints", key))


def sold(key: str, owner: Mapping[str, Any], place: Place) -> Iterator[Entry]:
    """A plan's or product's product, and its prices."""
    yield Entry(REGISTRY["Product"], key, product_args(owner), place)
    for name, terms in section(owner, "prices"):
        args = {"product": key, **price_terms(owner, terms)}
        given = frozenset(_given(owner, terms))
        yield Entry(REGISTRY["Price"], price_name(key, name), args, (*place, "prices", name), given)


def entitled(key: str, owner: Mapping[str, Any], place: Place) -> Iterator[Entry]:
    """The features of a plan or product."""
    features = owner.get("entitlements")
    for index, feature in enumerate(features if isinstance(features, list) else ()):
        if isinstance(feature, str):
            args = {"product": key, "entitlement_feature": feature}
            where = (*place, "entitlements", index)
            yield Entry(REGISTRY["ProductFeature"], attachment_name(key, feature), args, where)


def product_args(owner: Mapping[str, Any]) -> dict[str, Any]:
    """The product's part of a plan."""
    return {field.name: owner[field.name] for field in fields_of(ProductArgs) if field.name in owner}


def price_terms(owner: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """A price with its plan's limits and features, under those it writes itself."""
    given = {name: _over(owner.get(name), terms.get(name)) for name in INHERITED if name in owner}
    return {**terms, **{name: value for name, value in given.items() if value is not None}}


def _given(owner: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[Place]:
    """The limits and features that a price has from its plan: `("limits", "tokens")`."""
    for field in INHERITED:
        plans, own = owner.get(field), terms.get(field)
        if isinstance(plans, Mapping) and (own is None or isinstance(own, Mapping)):
            yield from ((field, name) for name in plans if name not in (own or {}))


def number(endpoint: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of an entry; what is none was refused."""
    value = endpoint.get(name, default)
    return value if isinstance(value, int) else default


def _over(plans: Any, own: Any) -> Any:
    if own is None:
        return plans
    return {**plans, **own} if isinstance(plans, Mapping) and isinstance(own, Mapping) else own


def _plain(kind: str, name: str, data: Mapping[str, Any]) -> Iterator[Entry]:
    for key, args in section(data, name):
        yield Entry(REGISTRY[kind], key, args, (name, key))


def section(data: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The named entries of a section that are objects at all."""
    found = data.get(name)
    if not isinstance(found, Mapping):
        return []
    return [(key, value) for key, value in found.items() if isinstance(value, Mapping)]
