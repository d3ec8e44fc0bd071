"""What is done about an event: what is read again, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """What Stripe says about one object that is no subscription. No personal data: ids, amounts, statuses, times."""

    body: Json
    customer_id: str | None = None


def _object(event: InboxEvent) -> str:
    return event.object_id or event.event_id


@dataclass(frozen=True, slots=True)
class FactKind:
    """How the object of an event is asked for, and the name under which the answer is kept.

    The answer is None if Stripe no longer has the object: then what was known stays.
    """

    name: str
    read: Callable[[StripeApi, InboxEvent], Fact | None]
    object_id: Callable[[InboxEvent], str] = _object


@dataclass(frozen=True, slots=True)
class Handler:
    """One type of event: why it matters, whether subscriptions are read again, and which fact is kept."""

    type: str
    why: str
    refresh: bool = True
    fact: FactKind | None = None
