"""Taking a webhook in: limits, signature, form, and then the disk. Only after that Stripe hears that it arrived."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime._group_commit import GroupCommit
from billing_runtime._inbox.events import EVENTS
from billing_runtime._inbox.notification import read_notification, require_size
from billing_runtime._inbox.signature import verify
from billing_runtime.clock import to_unix

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._inbox.notification import Notification
    from billing_runtime._inbox.rows import InboxRows, State
    from billing_runtime._inbox.secrets import WebhookSecrets
    from billing_runtime.clock import Clock

_log = logging.getLogger("billing_runtime.webhooks")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A webhook was taken in and is on disk. `new` is false for a repetition.

    `ignored` says why nothing will follow: another mode or account, or a type that is not handled here.
    """

    event_id: str
    type: str
    new: bool
    ignored: str | None = None


class Intake:
    """The door for webhooks. Safe to share between threads: those who come together share one commit."""

    def __init__(
        self, rows: InboxRows, secrets: WebhookSecrets, clock: Clock, *, on_arrival: Callable[[], None]
    ) -> None:
        self._rows, self._secrets, self._clock, self._on_arrival = rows, secrets, clock, on_arrival
        self._commit = GroupCommit(rows.insert)

    def secret_names(self) -> tuple[str, ...]:
        """The names of the endpoints whose secrets are known. Raises WebhookSecretMissing."""
        return tuple(self._secrets.all())

    def accept(self, payload: bytes | str, signature: str | None) -> Receipt:
        """Verify and keep an event; returns after the commit. Raises WebhookRefused or StoreError."""
        body = payload.encode() if isinstance(payload, str) else payload
        require_size(len(body))
        now = to_unix("clock()", self._clock())
        verify(body, signature, self._secrets.all(), now=now)
        return self.keep(read_notification(body), now)

    def keep(self, event: Notification, now: int) -> Receipt:
        """Keep an event that is known to be Stripe's."""
        foreign = self._foreign(event)
        if foreign is not None:
            _log.info("webhook %s (%s) ignored: %s", event.event_id, event.type, foreign)
            return Receipt(event.event_id, event.type, new=False, ignored=foreign)
        state: State = "pending" if event.type in EVENTS else "unhandled"
        new = self._commit.add((event, state, now))
        if new and state == "pending":
            self._on_arrival()
        ignored = None if state == "pending" else "this type of event is not handled"
        _log.info("webhook %s (%s) %s", event.event_id, event.type, ignored or ("kept" if new else "known already"))
        return Receipt(event.event_id, event.type, new=new, ignored=ignored)

    def _foreign(self, event: Notification) -> str | None:
        """Why the event is none of this account's and mode's; it is answered with 200, for it is nobody's fault."""
        scope = self._rows.scope
        if event.livemode != scope.livemode:
            return f"it is of {'live' if event.livemode else 'test'} mode"
        if event.account not in {None, scope.account}:
            return "it is of another account"
        return None
