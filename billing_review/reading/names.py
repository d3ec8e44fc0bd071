"""Ids of Stripe become the names that the program gives: what a reader of a review knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from billing_review.reading.resources import RawStep, State
from billing_review.reading.values import UNKNOWN

Named = tuple[str, str]
"""A kind and a name: Price, team.monthly."""
_MADE_BY_STRIPE = re.compile(r"[a-z]+(?:_[a-z]+)?_[A-Za-z0-9]{8,}")
_SECTIONS = {
    "products": "Product",
    "prices": "Price",
    "meters": "Meter",
    "alerts": "Alert",
    "webhook_endpoints": "WebhookEndpoint",
    "features": "Feature",
    "portal_configurations": "PortalConfiguration",
    "coupons": "Coupon",
    "promotion_codes": "PromotionCode",
    "tax_rates": "TaxRate",
    "event_destinations": "EventDestination",
}
"""The manifest's sections whose entries have ids."""
LISTED = frozenset(_SECTIONS.values())
"""The kinds whose objects a manifest lists."""
_TEXTS = frozenset({"metadata", "description", "name", "nickname", "lookup_key", "id", "code"})
"""Fields that may look like an id and refer to nothing."""


def sections(manifest: Mapping[str, Any]) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
    """Every entry of a manifest as its kind, its name and what it says."""
    for section, kind in _SECTIONS.items():
        found = manifest.get(section)
        for key, entry in found.items() if isinstance(found, Mapping) else ():
            if isinstance(entry, Mapping):
                yield kind, key, entry


class Names:
    """Which object each id belongs to, as far as the source tells."""

    def __init__(self) -> None:
        self._by_id: dict[str, set[Named]] = defaultdict(set)

    @classmethod
    def of(cls, steps: Iterable[RawStep], states: Iterable[State], manifest: Mapping[str, Any]) -> Names:
        """From all that the steps, the exported state and the manifest know."""
        names = cls()
        for step in steps:
            for state in (step.old, step.new):
                if state is not None:
                    names._learn(state)
        for state in states:
            names._learn(state)
        for kind, key, entry in sections(manifest):
            if isinstance(entry.get("id"), str):
                names._by_id[entry["id"]].add((kind, key))
        return names

    def _learn(self, state: State) -> None:
        if state.id is not None and state.urn.named is not None:
            self._by_id[state.id].add(state.urn.named)

    def named(self, field: str, inputs: Any, depends: Collection[Named]) -> Any:
        """The value of a field with each id that belongs to one of our objects turned into its name.

        A text that only happens to be equal to an id stays: an id counts where the field depends on its object, or
        where Stripe made it.
        """
        if isinstance(inputs, str):
            return self._name(field, inputs, depends)
        if isinstance(inputs, Mapping):
            return {key: self.named(key if field not in _TEXTS else field, one, depends) for key, one in inputs.items()}
        if isinstance(inputs, list):
            return [self.named(field, one, depends) for one in inputs]
        return inputs

    def _name(self, field: str, text: str, depends: Collection[Named]) -> str:
        known = self._by_id.get(text, set())
        if text == UNKNOWN or not known or field in _TEXTS:
            return text
        meant = sorted(known & set(depends)) or sorted(known if _MADE_BY_STRIPE.fullmatch(text) else ())
        return meant[0][1] if meant else text
