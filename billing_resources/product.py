"""What is sold. https://docs.stripe.com/api/products"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired

from annotated_types import Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.facts import Immutable, In, OnlyAtCreate, Ours, Sticky
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.retiring import DeletedUnlessPriced
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class MarketingFeature(TypedDict):
    """One line of a pricing table."""

    name: In[Annotated[str, Len(1, 80)]]
    """The text shown, at most 80 characters."""


@with_config(CONFIG)
class ProductArgs(TypedDict):
    """The fields of a product."""

    name: In[Annotated[str, Len(1, 5000)]]
    """The name that customers see on invoices and in checkout."""
    id: NotRequired[Annotated[In[Annotated[str, Len(1, 5000)]], Immutable(), Sticky()]]
    """An id of your own choice; Stripe makes one when it is absent."""
    description: NotRequired[In[Annotated[str, Len(1, 40000)]]]
    """Shown to customers."""
    images: NotRequired[In[Annotated[list[str], Len(0, 8)]]]
    """Up to 8 URLs of pictures."""
    marketing_features: NotRequired[In[Annotated[list[MarketingFeature], Len(0, 15)]]]
    """Up to 15 lines for pricing tables."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    statement_descriptor: NotRequired[In[Annotated[str, Len(1, 22)]]]
    """What the card statement shows, at most 22 characters."""
    tax_code: NotRequired[In[str]]
    """Stripe's tax code, such as txcd_10103001."""
    unit_label: NotRequired[In[Annotated[str, Len(1, 12)]]]
    """What one unit is called, such as seat; at most 12 characters."""
    url: NotRequired[In[str]]
    """A public page about the product."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class Product(
    StripeResource,
    args=ProductArgs,
    stripe=Stripe(
        service="products",
        noun="product",
        alive={"active": True},
        retire={"active": False},
        unique=("id",),
        extra=DeletedUnlessPriced(),
    ),
):
    """A product: prices belong to it. A product that ever had a price cannot be deleted, so it is archived."""

    if TYPE_CHECKING:
        active: Output[bool]
        name: Output[str]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[ProductArgs]
        ) -> None: ...
