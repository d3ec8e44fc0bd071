"""The three ways in which Stripe takes usage, and the one in which it takes something back.

https://docs.stripe.com/api/billing/meter-event, https://docs.stripe.com/api/v2/billing-meter,
https://docs.stripe.com/api/v2/billing-meter-stream
"""

from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from billing_runtime._outbox.duplicates import is_duplicate
from billing_runtime.clock import time_of
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stripe import StripeClient
    from stripe.params.billing import MeterEventAdjustmentCreateParams, MeterEventCreateParams
    from stripe.params.v2.billing import MeterEventStreamCreateParams

    from billing_runtime._outbox.telling import MeterEvent
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]
_ATTEMPTS = 2
_UNAUTHORIZED = 401


class Way(Protocol):
    """Takes events, `most` of them in one call."""

    most: int

    def takes(self, event: MeterEvent) -> bool:
        """Whether such an event may go this way."""
        ...

    def send(self, events: Sequence[MeterEvent]) -> None:
        """Return when Stripe has them, also if it had them before. Raises StripeRefused, StripeUnavailable."""
        ...


class Direct:
    """v1: one event in a call, judged at once; the only way for what takes something off."""

    most = 1

    def __init__(self, api: StripeApi, turn: Callable[[], None]) -> None:
        self._api, self._turn = api, turn

    def takes(self, event: MeterEvent) -> bool:  # noqa: ARG002 - as every way
        """Everything."""
        return True

    def send(self, events: Sequence[MeterEvent]) -> None:
        """Send one."""
        (event,) = events
        params: MeterEventCreateParams = {
            "event_name": event.event_name,
            "identifier": event.identifier,
            "payload": event.payload,
            "timestamp": event.timestamp,
        }
        _once(self._api, self._turn, event, lambda client, how: client.v1.billing.meter_events.create(params, how))


class Newer:
    """v2: one event in a call, judged in part at once, in part later."""

    most = 1

    def __init__(self, api: StripeApi, turn: Callable[[], None]) -> None:
        self._api, self._turn = api, turn

    def takes(self, event: MeterEvent) -> bool:
        """Positive numbers only."""
        return event.value > 0

    def send(self, events: Sequence[MeterEvent]) -> None:
        """Send one."""
        (event,) = events
        params = _newer(event)
        _once(self._api, self._turn, event, lambda client, how: client.v2.billing.meter_events.create(params, how))


class Stream:
    """The stream: a hundred events in a call, under the token of a session; what is wrong with one is told later."""

    most = 100

    def __init__(self, api: StripeApi, turn: Callable[[], None]) -> None:
        self._api, self._turn = api, turn
        self._lock = threading.Lock()
        self._session: tuple[int, StripeClient] | None = None

    def takes(self, event: MeterEvent) -> bool:
        """Positive numbers only."""
        return event.value > 0

    def send(self, events: Sequence[MeterEvent]) -> None:
        """Send them; a session that has ended is replaced once."""
        client = self._opened(None)
        try:
            self._post(client, events)
        except StripeRefused as refusal:
            # The token is good for a quarter of an hour; Stripe says when that is over.
            if refusal.status != _UNAUTHORIZED:
                raise
            self._post(self._opened(client), events)

    def _post(self, client: StripeClient, events: Sequence[MeterEvent]) -> None:
        params: MeterEventStreamCreateParams = {"events": [_newer(event) for event in events]}

        def request(_: StripeClient, how: Any) -> _Nothing:
            client.v2.billing.meter_event_stream.create(params, how)
            return _Nothing()

        self._turn()
        self._api.write("send usage", f"billing-{uuid4().hex}", request, attempts=_ATTEMPTS)

    def _opened(self, over: StripeClient | None) -> StripeClient:
        """The client of a session; of one that is not the one which is over."""
        with self._lock:
            # A forked process must not read on its parent's connections.
            if self._session is None or self._session[0] != os.getpid() or self._session[1] is over:
                self._turn()
                made = self._api.write(
                    "open a session for usage",
                    f"billing-{uuid4().hex}",
                    lambda client, how: client.v2.billing.meter_event_session.create({}, how),
                )
                self._session = os.getpid(), self._api.client_with(made["authentication_token"])
            return self._session[1]


class _Nothing:
    """What the stream answers."""

    def to_dict(self, recursive: bool = True, for_json: bool = False) -> Json:  # noqa: ARG002 - the SDK's words
        return {}


def take_back(api: StripeApi, event_name: str, identifier: str, key: str) -> None:
    """Cancel an event of the last day. https://docs.stripe.com/api/billing/meter-event-adjustment"""
    params: MeterEventAdjustmentCreateParams = {
        "event_name": event_name,
        "type": "cancel",
        "cancel": {"identifier": identifier},
    }
    api.write(
        "take usage back",
        key,
        lambda client, how: client.v1.billing.meter_event_adjustments.create(params, how),
        attempts=_ATTEMPTS,
    )


def key_of_cancel(identifier: str) -> str:
    """A repeated cancellation is answered as the first one was."""
    return f"billing-cancel-{hashlib.sha256(identifier.encode()).hexdigest()}"


def _newer(event: MeterEvent) -> Any:
    moment = time_of(event.timestamp)
    return {
        "event_name": event.event_name,
        "identifier": event.identifier,
        "payload": event.payload,
        "timestamp": moment.isoformat().replace("+00:00", "Z"),
    }


def _once(api: StripeApi, turn: Callable[[], None], event: MeterEvent, request: Any) -> None:
    """Send an event. The identifier keeps it from counting twice, and a key of its own from a kept failure."""
    turn()
    try:
        api.write("send usage", f"billing-{uuid4().hex}", request, attempts=_ATTEMPTS)
    except StripeRefused as refusal:
        if not is_duplicate(refusal, event.identifier):
            raise
