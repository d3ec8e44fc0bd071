"""What the attachment of a feature to a product is."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.catalog.feature import FEATURE

Document = dict[str, Any]


def of_product(call: Call, product: str) -> list[Document]:
    """Return a product's attachments, oldest first."""
    return call.store.where(PRODUCT_FEATURE.object, "_product", product)


def detach_all(call: Call, product: str) -> None:
    """Remove a product's attachments, when the product goes."""
    for attachment in of_product(call, product):
        call.store.remove(PRODUCT_FEATURE.object, attachment["id"])


def _view(call: Call, attachment: Document) -> Document:
    """Show the whole feature, as it is now."""
    return {**attachment, "entitlement_feature": call.store.get(FEATURE.object, attachment["entitlement_feature"])}


PRODUCT_FEATURE = Kind("product_feature", "prodft", "product feature", view=_view)
