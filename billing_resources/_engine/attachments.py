"""Features of products, as Stripe shows them. https://docs.stripe.com/api/product-feature/object"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def attachment_as_declared(attachment: Mapping[str, Any]) -> dict[str, Any]:
    """An attachment as a declaration writes it: Stripe shows the whole feature, where a program names its id."""
    feature = attachment.get("entitlement_feature")
    return {**attachment, "entitlement_feature": feature["id"] if isinstance(feature, Mapping) else feature}
