"""Before 2024-09-30.acacia alerts had a filter of their own; before 2024-04-10 products had plain features.

https://docs.stripe.com/changelog/acacia, https://docs.stripe.com/changelog/2024-04-10
"""

from __future__ import annotations

from stripe_emulator.versions.change import Change, Document, Find, without


def _alert(document: Document, _find: Find) -> Document:
    threshold = document.get("usage_threshold") or {}
    filters = threshold.get("filters") or []
    one = {"customer": filters[0].get("customer")} if filters else None
    return {
        **without(document, "usage_threshold"),
        "filter": one,
        "usage_threshold_config": without(threshold, "filters"),
    }


def _product(document: Document, _find: Find) -> Document:
    return {**without(document, "marketing_features"), "features": document.get("marketing_features", [])}


CHANGES = (
    Change("2024-09-30", ("billing.alert",), _alert),
    Change("2024-04-10", ("product",), _product),
)
