"""A signal when a customer's usage passes a threshold. https://docs.stripe.com/api/billing/alert

An alert fires once for each customer and counts only usage reported after it was made; it knows no months.

Nothing on it says whose it is: what a run that died made is found again for a day, by the kept answer. After that, look
for the one that the engine names as a pending create, and import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Ge, Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.facts import Default, Immutable, In, OnlyAtCreate, Ours, Reference, Vital
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.retiring import LeavesRoom
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class AlertFilter(TypedDict):
    """Whose usage counts."""

    type: In[Literal["customer"]]
    """What is filtered by."""
    customer: NotRequired[In[str]]
    """The id of the one customer."""


@with_config(CONFIG)
class UsageThreshold(TypedDict):
    """The threshold, in the meter's own units."""

    meter: Annotated[In[Annotated[str, Len(1)]], Reference("Meter")]
    """The id of the meter."""
    gte: In[Annotated[int, Ge(1)]]
    """The usage at which the alert fires, a whole number above 0."""
    recurrence: NotRequired[Annotated[In[Literal["one_time"]], Default("one_time", sent=True)]]
    """An alert fires once for each customer."""
    filters: NotRequired[In[Annotated[list[AlertFilter], Len(0, 1)]]]
    """At most one filter; without it the alert is about every customer."""


@with_config(CONFIG)
class AlertArgs(TypedDict):
    """The fields of an alert. Stripe cannot change any of them: a new alert takes the place of the old one."""

    title: Annotated[In[Annotated[str, Len(1, 256)]], Immutable()]
    """The title, at most 256 characters."""
    usage_threshold: Annotated[In[UsageThreshold], Immutable()]
    """When it fires."""
    alert_type: NotRequired[
        Annotated[In[Literal["usage_threshold"]], Immutable(), Default("usage_threshold", sent=True)]
    ]
    """The only type there is."""
    status: NotRequired[Annotated[In[Literal["active", "inactive"]], Ours(), Vital(), Default("active")]]
    """Whether it watches; changed in place."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class Alert(
    StripeResource,
    args=AlertArgs,
    stripe=Stripe(
        service="billing.alerts",
        noun="alert",
        retire="archive",
        status_verbs={"active": "activate", "inactive": "deactivate"},
        has_metadata=False,
        extra=LeavesRoom(),
    ),
):
    """A usage alert. Removing it archives it at Stripe, which cannot be undone."""

    if TYPE_CHECKING:
        title: Output[str]
        status: Output[str]

        def __init__(self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[AlertArgs]) -> None: ...
