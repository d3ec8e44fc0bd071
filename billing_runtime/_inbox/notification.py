"""What a webhook says, reduced to names: which event it is, of which type, about which object and customer.

Nothing else of it is believed or kept, except the few facts that Stripe tells in no other place: state is read again.
https://docs.stripe.com/api/events/object, https://docs.stripe.com/api/v2/core/events
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from billing_runtime.errors import WebhookMalformed, WebhookTooLarge

Json = dict[str, Any]

#: The largest body that is read, in bytes; Stripe's events have a few thousand.
LIMIT = 1024 * 1024

_SNAPSHOT, _THIN = "event", "v2.core.event"
_EVENT_ID = re.compile(r"evt_\w{1,250}", re.ASCII)
_TYPE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+){1,9}", re.ASCII)
_ID = re.compile(r"[\w-]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Notification:
    """One event by its names. `details` are what cannot be asked for again; `created` is Unix time."""

    event_id: str
    type: str
    created: int
    livemode: bool
    thin: bool = False
    account: str | None = None
    object_id: str | None = None
    customer_id: str | None = None
    details: Json = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Whose turn it is: events of one customer are worked on one after another."""
        return self.customer_id or self.object_id or self.event_id


def read_notification(payload: bytes) -> Notification:
    """The event in a body whose signature was verified. Raises WebhookMalformed."""
    return notification_of(_parsed(payload))


def notification_of(body: Json) -> Notification:
    """The event in parsed JSON. Raises WebhookMalformed."""
    kind = body.get("object")
    if kind not in (_SNAPSHOT, _THIN):  # no set: it may be a list
        raise WebhookMalformed.of("its object is neither 'event' nor 'v2.core.event'")
    event_id, name = _matching(body, "id", _EVENT_ID), _matching(body, "type", _TYPE)
    livemode = body.get("livemode") is True
    if kind == _THIN:
        related = _fields(body.get("related_object"))
        return Notification(event_id, name, _moment(body), livemode, thin=True, object_id=_id(related.get("id")))
    data = _fields(body.get("data"))
    thing, before = _fields(data.get("object")), _fields(data.get("previous_attributes"))
    return Notification(
        event_id,
        name,
        _moment(body),
        livemode,
        account=_id(body.get("account")),
        object_id=_id(thing),
        customer_id=_customer(thing, before),
        details=_details(thing),
    )


def require_size(size: int) -> None:
    """Refuse a body that is too large, before it is parsed."""
    if size > LIMIT:
        raise WebhookTooLarge.of(LIMIT)


def _parsed(payload: bytes) -> Json:
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        raise WebhookMalformed.of("it is no JSON") from None
    if not isinstance(body, dict):
        raise WebhookMalformed.of("it is no JSON object")
    return body


def _customer(thing: Json, before: Json) -> str | None:
    """The customer an object is about; one that was just detached says whose it was."""
    if thing.get("object") == "customer":
        return _id(thing)
    return _id(thing.get("customer")) or _id(before.get("customer"))


def _details(thing: Json) -> Json:
    """An alert that was triggered is told once, and can be asked for nowhere."""
    if thing.get("object") != "billing.alert_triggered":
        return {}
    value = thing.get("value")
    return {"alert": _id(thing.get("alert")), "value": value if isinstance(value, int) else None}


def _moment(body: Json) -> int:
    """Unix time of v1, or a text of v2."""
    created = body.get("created")
    if isinstance(created, int) and not isinstance(created, bool) and 0 <= created < 2**40:
        return created
    try:
        return int(datetime.fromisoformat(str(created)).timestamp())
    except (ValueError, OverflowError):
        raise WebhookMalformed.of("it does not say when it was created") from None


def _matching(body: Json, name: str, form: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > 255 or not form.fullmatch(value):
        raise WebhookMalformed.of(f"its {name} is none")
    return value


def _id(value: Any) -> str | None:
    """An id, or the id of an object that was expanded."""
    text = value.get("id") if isinstance(value, dict) else value
    return text if isinstance(text, str) and _ID.fullmatch(text) else None


def _fields(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
