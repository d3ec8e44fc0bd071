"""Where Stripe sends thin events. https://docs.stripe.com/api/v2/core/event-destinations

The newer of two ways: only it carries the events that say which usage could not be counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine import destination_rules
from billing_resources._engine.dialect import V2
from billing_resources._engine.facts import AsSet, Default, Immutable, In, OnlyAtCreate, Ours, Short, Sticky, Vital
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.retiring import StartsInStatus
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class DestinationEndpoint(TypedDict):
    """An address of your own."""

    url: Annotated[In[Annotated[str, Len(1, 2048)]], Short()]
    """A public https address."""


@with_config(CONFIG)
class AmazonEventbridge(TypedDict):
    """Amazon EventBridge."""

    aws_account_id: In[Annotated[str, Len(1)]]
    """The AWS account."""
    aws_region: In[Annotated[str, Len(1)]]
    """The AWS region."""


@with_config(CONFIG)
class AzureEventGrid(TypedDict):
    """Azure Event Grid."""

    azure_region: In[Annotated[str, Len(1)]]
    """The Azure region."""
    azure_resource_group_name: In[Annotated[str, Len(1)]]
    """The Azure resource group."""
    azure_subscription_id: In[Annotated[str, Len(1)]]
    """The Azure subscription."""


@with_config(CONFIG)
class EventDestinationArgs(TypedDict):
    """The fields of an event destination."""

    name: In[Annotated[str, Len(1, 5000)]]
    """A name for your team."""
    enabled_events: Annotated[In[Annotated[list[In[str]], Len(1)]], AsSet()]
    """The events to send, such as v1.billing.meter.error_report_triggered; their order means nothing."""
    webhook_endpoint: NotRequired[In[DestinationEndpoint]]
    """The address, for type webhook_endpoint."""
    type: NotRequired[
        Annotated[
            In[Literal["webhook_endpoint", "amazon_eventbridge", "azure_event_grid"]],
            Immutable(),
            Default("webhook_endpoint", sent=True),
        ]
    ]
    """What kind of place it is."""
    event_payload: NotRequired[Annotated[In[Literal["thin", "snapshot"]], Immutable(), Default("thin", sent=True)]]
    """Whether events carry the object as it was (snapshot), or only name it (thin)."""
    amazon_eventbridge: NotRequired[Annotated[In[AmazonEventbridge], Immutable()]]
    """Where to, for type amazon_eventbridge."""
    azure_event_grid: NotRequired[Annotated[In[AzureEventGrid], Immutable()]]
    """Where to, for type azure_event_grid."""
    events_from: NotRequired[Annotated[In[list[In[str]]], Immutable(), Sticky(), AsSet()]]
    """Whose events: @self when absent, or accounts that you manage."""
    snapshot_api_version: NotRequired[Annotated[In[str], Immutable(), Sticky()]]
    """The version of Stripe's API that snapshots are written in; kept as it is when absent."""
    description: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """A note for your team."""
    status: NotRequired[Annotated[In[Literal["enabled", "disabled"]], Ours(), Vital(), Default("enabled")]]
    """Whether events are sent; changed in place."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class EventDestination(
    StripeResource,
    args=EventDestinationArgs,
    rules=destination_rules.ALL,
    stripe=Stripe(
        service="core.event_destinations",
        dialect=V2,
        noun="event destination",
        status_verbs={"enabled": "enable", "disabled": "disable"},
        expand=("webhook_endpoint.url",),
        expand_at_create=("webhook_endpoint.signing_secret",),
        computed=("snapshot_api_version",),
        secret=("secret",),
        seen=destination_rules.destination_as_declared,
        extra=StartsInStatus(),
    ),
):
    """An event destination. Its signing secret is known from the create on, as a secret output."""

    if TYPE_CHECKING:
        snapshot_api_version: Output[str | None]
        secret: Output[str | None]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[EventDestinationArgs]
        ) -> None: ...
