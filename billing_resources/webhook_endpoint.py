"""Where Stripe sends events. https://docs.stripe.com/api/webhook_endpoints"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired

from annotated_types import Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.event_rules import NewerEvents, events_are_known
from billing_resources._engine.facts import (
    AsSet,
    Default,
    Immutable,
    In,
    OnlyAtCreate,
    Ours,
    Permits,
    Sticky,
    UpdateOnly,
    Vital,
    Word,
)
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.rules import endpoint_as_declared, endpoint_is_public
from billing_resources._engine.runtime_events import RUNTIME, RUNTIME_EVENTS
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class WebhookEndpointArgs(TypedDict):
    """The fields of a webhook endpoint."""

    url: In[Annotated[str, Len(1, 2048)]]
    """A public https address."""
    enabled_events: Annotated[In[Annotated[list[In[str]], Len(1)]], AsSet(), Word(RUNTIME, RUNTIME_EVENTS)]
    """The events to send, or ["*"]; ["runtime"] stands for all that the runtime handles, also beside others."""
    allow_unknown_events: NotRequired[Annotated[bool, Ours(), Permits()]]
    """Send names to Stripe that this package does not know, because Stripe added them later."""
    api_version: NotRequired[Annotated[In[str], Immutable(), Sticky()]]
    """The version of Stripe's API that events are written in; kept as it is when absent."""
    connect: NotRequired[Annotated[In[bool], Immutable(), Sticky()]]
    """Whether it receives events of connected accounts instead of your own."""
    description: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """A note for your team."""
    disabled: NotRequired[Annotated[In[bool], UpdateOnly(), Vital(), Default(False)]]
    """Whether deliveries are off."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class WebhookEndpoint(
    StripeResource,
    args=WebhookEndpointArgs,
    rules=(endpoint_is_public, events_are_known),
    stripe=Stripe(
        service="webhook_endpoints",
        noun="webhook endpoint",
        computed=("api_version",),
        secret=("secret",),
        seen=endpoint_as_declared,
        extra=NewerEvents(),
    ),
):
    """A webhook endpoint. Its signing secret is known from the create on, as a secret output."""

    if TYPE_CHECKING:
        url: Output[str]
        api_version: Output[str]
        secret: Output[str]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[WebhookEndpointArgs]
        ) -> None: ...
