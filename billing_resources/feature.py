"""What a product entitles its customers to. https://docs.stripe.com/api/entitlements/feature"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired

from annotated_types import Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.facts import Immutable, In, OnlyAtCreate, Ours
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class FeatureArgs(TypedDict):
    """The fields of a feature."""

    lookup_key: Annotated[In[Annotated[str, Len(1, 80)]], Immutable()]
    """The name the application asks for; one active feature for each, at most 80 characters."""
    name: In[Annotated[str, Len(1, 80)]]
    """The name that your team sees; customers do not."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class Feature(
    StripeResource,
    args=FeatureArgs,
    stripe=Stripe(
        service="entitlements.features",
        noun="feature",
        alive={"active": True},
        is_final=True,
        retire={"active": False},
        unique=("lookup_key",),
        vacates=("lookup_key",),
    ),
):
    """A feature. Removing it archives it at Stripe, which cannot be undone; its lookup key is free again."""

    if TYPE_CHECKING:
        active: Output[bool]
        lookup_key: Output[str]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[FeatureArgs]
        ) -> None: ...
