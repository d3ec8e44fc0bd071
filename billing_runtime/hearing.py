"""The calls of `Billing` about what Stripe tells: webhooks, hooks, workers, reconciliation."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar, overload

from billing_runtime._worker.background import Background
from billing_runtime.thresholds import DROP_EVERY, Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._books.commit import Ledger
    from billing_runtime._cache.reconciling import Reconciled
    from billing_runtime._context import Context
    from billing_runtime._inbox.hooks import Hook
    from billing_runtime._inbox.intake import Receipt
    from billing_runtime._inbox.secrets import WebhookSecrets
    from billing_runtime._worker.worker import Worker
    from billing_runtime.inbox import Inbox
    from billing_runtime.thresholds import ThresholdHook

H = TypeVar("H", bound="Hook")
T = TypeVar("T", bound="ThresholdHook")

#: A burst of joins is one update; what somebody changed at the dashboard is found within a quarter of a day.
SEATS_EVERY, DRIFT_EVERY = timedelta(seconds=2), timedelta(hours=6)

#: Events that may tell of a second subscription in a group of plans.
MAY_BE_SECOND = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "customer.subscription.created",
    "customer.subscription.resumed",
)


#: Events after which usage is invoiced soon, or was cut off: what is used until then has to be told.
INVOICE_IS_NEAR = (
    "customer.subscription.deleted",
    "customer.subscription.updated",
    "invoice.created",
    "invoice.upcoming",
)


class Hearing:
    """What is inherited by `Billing`."""

    _context: Context
    _ledger: Ledger
    _background: Background
    _thresholds: Thresholds
    inbox: Inbox

    def _hear(self, secrets: WebhookSecrets, report: Callable[[], int]) -> None:
        self._thresholds = Thresholds(self._context, self._wake)
        self._background = Background(self._context, secrets, report, self._thresholds.work)
        self.inbox = self._background.inbox
        self._ledger.on_notices = self._thresholds.passed
        self._context.chores.add("old thresholds", DROP_EVERY, self._thresholds.drop_old)

    def _wake(self) -> None:
        self._background.wake()

    def webhook(self, payload: bytes | str, signature: str | None) -> Receipt:
        """Take a webhook in: its body byte by byte and its header Stripe-Signature. Returns when it is on disk.

        Raises WebhookRefused (answer with its `status`), or StoreError (answer with 503: Stripe sends it again).
        `billing_runtime.webhooks` has this as ready applications. What it means is worked out by a `worker()`.
        """
        return self.inbox.intake.accept(payload, signature)

    @overload
    def on(self, name: str, hook: H) -> H: ...

    @overload
    def on(self, name: str) -> Callable[[H], H]: ...

    def on(self, name: str, hook: H | None = None) -> H | Callable[[H], H]:
        """Call a function for every event of a type, or of a pattern such as `customer.subscription.*`.

        `billing.on("invoice.paid", function)`, or as a decorator. Functions are called with a `BillingEvent` after
        everything is committed, at least once per event, by the process whose worker has the event: register them
        before the worker starts. One that raises is called again later. Raises InvalidInput for an unknown type.
        """
        return self._heard(name, hook) if hook is not None else partial(self._heard, name)

    def _heard(self, name: str, hook: H) -> H:
        self._context.hooks.add(name, hook)
        return hook

    def on_threshold(self, function: T) -> T:
        """Call a function when usage passes one of its limit's `thresholds`: once per window and percent, lowest first.

        `billing.on_threshold(function)`, or as a decorator. It is called with a `ThresholdReached` after the use is
        committed, at least once, by the worker of one process that has a function: register it before the worker
        starts. One that raises is called again later, until a week after the window has ended.
        """
        self._thresholds.add(function)
        return function

    def worker(self, *, threads: int = 4) -> Worker:
        """What works on the inbox and reconciles: `.start()` it in this process, or run `billing worker`."""
        return self._background.worker(threads)

    def sync_all(self, progress: Callable[[Reconciled], None] = lambda _: None) -> Reconciled | None:
        """Hold everything against Stripe and repair it: customers, subscriptions, and events that never arrived.

        Goes on where an interrupted run stopped; `progress` is told after every page. None if another process is at
        it. Raises StripeUnavailable: call again to go on. A worker does this every six hours.
        """
        return self._background.reconciliation.run(progress)
