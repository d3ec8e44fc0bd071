"""Inbox, reconciliation and workers of one opened Billing, put together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from billing_runtime._cache.listing import Listing
from billing_runtime._cache.reconciling import NAME, Reconciliation
from billing_runtime._inbox.events import EVENTS
from billing_runtime._inbox.notification import notification_of
from billing_runtime._worker.worker import Worker
from billing_runtime.inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._context import Context
    from billing_runtime._inbox.secrets import WebhookSecrets

Json = dict[str, Any]
_RECONCILE_EVERY = timedelta(hours=6)
_UNHANDLED_EVERY = timedelta(minutes=1)


class Background:
    """What goes on behind the calls."""

    def __init__(
        self, context: Context, secrets: WebhookSecrets, report: Callable[[], int], notify: Callable[[], int]
    ) -> None:
        """`report` tells Stripe some of the usage that is due, `notify` the application of thresholds; 0 if none is."""
        self._context, self._report, self._notify = context, report, notify
        self._workers: WeakSet[Worker] = WeakSet()
        self.inbox = Inbox(context, secrets, wake=self.wake)
        listing = Listing(context.api, context.cache.fetching, _recoverable())
        self.reconciliation = Reconciliation(context.cache, listing, context.clock, recover=self._recover)
        context.chores.add(NAME, _RECONCILE_EVERY, self.reconciliation.run)
        context.chores.add("unhandled", _UNHANDLED_EVERY, self.inbox.take_up_unhandled)

    def worker(self, threads: int) -> Worker:
        """A worker that is woken when something comes in here."""
        worker = Worker(self.inbox.processing, self._context.chores, self._report, self._notify, threads=threads)
        self._workers.add(worker)
        return worker

    def stop(self) -> None:
        """End the workers' threads, after what they have begun."""
        for worker in tuple(self._workers):
            worker.stop()

    def wake(self) -> None:
        """Let the workers of this process look at once."""
        for worker in tuple(self._workers):
            worker.wake()

    def _recover(self, event: Json) -> bool:
        return self.inbox.intake.keep(notification_of(event), self._context.cache.now()).new


def _recoverable() -> list[str]:
    """Events that reconciliation asks for; thin ones stand in another list, and say only what meters refused."""
    return sorted(name for name in EVENTS if not name.startswith("v1."))
