"""What can be taken over, and what cannot and why: pure, from what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_resources._engine.facts import Reference
from billing_resources._engine.validation import problems
from billing_resources.catalog.entries import entries
from billing_resources.catalog.references import references, resolved
from billing_resources.inventory.names import Names, names_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing_resources.inventory.account import Found

TYPE = "pulumi-python:dynamic/stripe:"
_SECTIONS = {
    "Meter": "meters",
    "Feature": "features",
    "Product": "products",
    "Coupon": "coupons",
    "PromotionCode": "promotion_codes",
    "PortalConfiguration": "portal",
    "TaxRate": "tax_rates",
    "Alert": "alerts",
    "WebhookEndpoint": "webhook_endpoints",
    "EventDestination": "event_destinations",
}
_ORDER = ("Meter", "Feature", "Product", "Price", "ProductFeature", "Coupon", "PromotionCode")


@dataclass(frozen=True)
class Stock:
    """The objects that a stack can take over, by their names, and the others with the reason."""

    taken: Mapping[str, Sequence[tuple[str, Found]]]
    """Kind -> name and object."""
    left: Sequence[tuple[Found, str]]
    names: Names

    def imports(self) -> dict[str, Any]:
        """The file of `pulumi import`: what others refer to comes first."""
        listed = [(name, one) for kind in _in_order(self.taken) for name, one in self.taken[kind]]
        return {"resources": [{"type": TYPE + one.kind.name, "name": name, "id": one.id} for name, one in listed]}

    def catalog(self) -> dict[str, Any]:
        """The catalog that declares exactly these objects."""
        made: dict[str, Any] = {"version": 1}
        for kind, section in _SECTIONS.items():
            entries = {name: self._declared(one) for name, one in self.taken.get(kind, ())}
            if entries:
                made[section] = entries
        for name, price in self.taken.get("Price", ()):
            owner, _, own = name.partition(".")
            terms = {field: value for field, value in self._declared(price).items() if field != "product"}
            made["products"][owner].setdefault("prices", {})[own] = terms
        for name, _ in self.taken.get("ProductFeature", ()):
            owner, _, feature = name.partition(".")
            made["products"][owner].setdefault("entitlements", []).append(feature)
        return made

    def declared(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Kind -> name -> the declaration in the one form that compares; what it refers to stands there by name."""
        return {
            kind: {name: one.kind.canonical(self._declared(one)) for name, one in listed}
            for kind, listed in self.taken.items()
        }

    def _declared(self, one: Found) -> dict[str, Any]:
        return dict(resolved(one.kind.shape, one.args, lambda kind, object_id: self.names[kind, object_id]))


def _in_order(kinds: Mapping[str, Any]) -> list[str]:
    rest = sorted(kind for kind in kinds if kind not in _ORDER)
    return [*(kind for kind in _ORDER if kind in kinds), *rest]


def known_names(catalog: Mapping[str, Any]) -> Names:
    """The names that a catalog has for what carries no marks."""
    listed = [
        entry for entry in entries(catalog) if not entry.kind.stripe.has_metadata and not entry.kind.stripe.parent
    ]
    return {(entry.kind.name, words_of(entry.kind.name, entry.args)): entry.key for entry in listed}


def taken_stock(found: Sequence[Found], stack: str, *, only_mine: bool = False, known: Names | None = None) -> Stock:
    """Sort what was found for a stack (``project/stack``); with ``only_mine`` nothing but what is known as its own.

    ``known`` has the stack's names for what carries no marks, as ``known_names`` reads them off its catalog.
    """
    own = (known or {}) if only_mine else None
    left = [(one, reason) for one in found if (reason := _unfit(one, stack, own))]
    kept = [one for one in found if all(one is not other for other, _ in left)]
    while True:
        ids = {(one.kind.name, one.id) for one in kept}
        lost = [(one, reason) for one in kept if (reason := _dangling(one, ids))]
        if not lost:
            break
        left += lost
        kept = [one for one in kept if all(one is not other for other, _ in lost)]
    names = names_of(kept, stack, known)
    taken: dict[str, list[tuple[str, Found]]] = {}
    for one in kept:
        taken.setdefault(one.kind.name, []).append((names[one.kind.name, one.id], one))
    return Stock({kind: sorted(listed, key=lambda pair: pair[0]) for kind, listed in taken.items()}, left, names)


def _unfit(one: Found, stack: str, own: Names | None) -> str:
    if one.owner is not None and one.owner.stack != stack:
        return f"belongs to {one.owner}"
    if own is not None and one.owner is None and not _is_known(one, own):
        return "carries no marks of this stack"
    found = problems(one.kind, one.args)
    return "cannot be declared: " + "; ".join(f"{path}: {sentence}" for path, sentence in found) if found else ""


def _is_known(one: Found, own: Names) -> bool:
    """Whether it can only be the stack's own although it has no marks: by the catalog's words, or its parent."""
    if one.kind.stripe.has_metadata:
        return False
    return bool(one.kind.stripe.parent) or (one.kind.name, words_of(one.kind.name, one.args)) in own


def _dangling(one: Found, known: set[tuple[str, str]]) -> str:
    named = ((kind, name) for _, kind, name in references(one.kind.shape, one.args, facts=(Reference,)))
    missing = next((name for kind, name in named if (kind, name) not in known), None)
    return "" if missing is None else f"refers to {missing}, which is not among what is taken over"
