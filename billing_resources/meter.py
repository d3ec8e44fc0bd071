"""What is counted. https://docs.stripe.com/api/billing/meter"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.facts import Default, Immutable, In, OnlyAtCreate, Ours, Short
from billing_resources._engine.kind import Stripe
from billing_resources._engine.replaced_meters import NeverUnderLivePrices
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions

PayloadKey = Annotated[str, Len(1, 100)]


@with_config(CONFIG)
class DefaultAggregation(TypedDict):
    """How the events of a period become one number."""

    formula: Annotated[In[Literal["sum", "count", "last"]], Short()]
    """The sum of the values, the number of events, or the newest value."""


@with_config(CONFIG)
class CustomerMapping(TypedDict):
    """Where an event names its customer."""

    event_payload_key: In[PayloadKey]
    """The key of the payload that holds the customer's id."""
    type: In[Literal["by_id"]]
    """How the customer is found."""


@with_config(CONFIG)
class ValueSettings(TypedDict):
    """Where an event states its value."""

    event_payload_key: In[PayloadKey]
    """The key of the payload that holds the value."""


@with_config(CONFIG)
class MeterArgs(TypedDict):
    """The fields of a meter. Only the display name can change."""

    display_name: In[Annotated[str, Len(1, 250)]]
    """The name shown on invoices and in the Dashboard."""
    event_name: Annotated[In[Annotated[str, Len(1, 100)]], Immutable()]
    """The name of the usage events; one active meter for each name."""
    default_aggregation: Annotated[In[DefaultAggregation], Immutable()]
    """How the events of a period become one number."""
    customer_mapping: NotRequired[
        Annotated[
            In[CustomerMapping],
            Immutable(),
            Default({"type": "by_id", "event_payload_key": "stripe_customer_id"}),
        ]
    ]
    """Where an event names its customer."""
    event_time_window: NotRequired[Annotated[In[Literal["hour", "day"]], Immutable()]]
    """Events are totals of an hour or a day: the newest one of a window replaces the others."""
    value_settings: NotRequired[Annotated[In[ValueSettings], Immutable(), Default({"event_payload_key": "value"})]]
    """Where an event states its value."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class Meter(
    StripeResource,
    args=MeterArgs,
    stripe=Stripe(
        service="billing.meters",
        noun="meter",
        alive={"status": "active"},
        retire="deactivate",
        status_verbs={"active": "reactivate", "inactive": "deactivate"},
        has_metadata=False,
        unique=("event_name",),
        extra=NeverUnderLivePrices(),
    ),
):
    """A meter. Stripe keeps meters for ever: one that is removed here is deactivated there."""

    if TYPE_CHECKING:
        event_name: Output[str]
        status: Output[str]

        def __init__(self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[MeterArgs]) -> None: ...
