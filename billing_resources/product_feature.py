"""That a product entitles to a feature. https://docs.stripe.com/api/product-feature

Customers who are subscribed already get a feature that is attached later in their next period at the earliest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired

from annotated_types import Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.attachments import attachment_as_declared
from billing_resources._engine.facts import Immutable, In, OnlyAtCreate, Ours, Reference
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class ProductFeatureArgs(TypedDict):
    """The fields of an attachment. Stripe cannot change it: it is made anew."""

    product: Annotated[In[Annotated[str, Len(1)]], Immutable(), Reference("Product")]
    """The id of the product."""
    entitlement_feature: Annotated[In[Annotated[str, Len(1)]], Immutable(), Reference("Feature")]
    """The id of the feature that it entitles to."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class ProductFeature(
    StripeResource,
    args=ProductFeatureArgs,
    stripe=Stripe(
        service="products.features",
        noun="product feature",
        parent="product",
        has_metadata=False,
        unique=("entitlement_feature",),
        seen=attachment_as_declared,
    ),
):
    """A feature of a product. Its id is ``product/attachment``; removing it detaches the feature."""

    if TYPE_CHECKING:
        product: Output[str]
        entitlement_feature: Output[str]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[ProductFeatureArgs]
        ) -> None: ...
