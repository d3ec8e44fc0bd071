"""The same calls as awaitables: `await billing.aio.checkout(...)` (https://docs.python.org/3/library/asyncio.html).

There is one implementation, the synchronous one. Here it runs in threads of its own, so that the event loop is never
held up, however long Stripe or the disk takes. A task that is cancelled stops waiting at once; a call that has begun is
finished in its thread, and one that has not is never made: either way a repeated call finds everything in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from billing_runtime.alerts import Alerts
from billing_runtime.billing import Billing
from billing_runtime.checkout.purchases import Purchases
from billing_runtime.consuming.awaited import Reserving
from billing_runtime.consuming.members import Members
from billing_runtime.consuming.reservation import Reservation
from billing_runtime.credits.credits import Credits
from billing_runtime.credits.stripe_grants import StripeGrants
from billing_runtime.customers import Customers
from billing_runtime.duplicates import Duplicates
from billing_runtime.inbox import Inbox
from billing_runtime.leases import Leases
from billing_runtime.personal import PersonalData
from billing_runtime.seats import SeatsOfEntities
from billing_runtime.subscriptions import Subscriptions
from billing_runtime.usage import Usage

if TYPE_CHECKING:
    from concurrent.futures import Executor

P = ParamSpec("P")
T = TypeVar("T")

#: Calls that may be at work at the same time; more wait for a thread.
THREADS = 32


class _Part:
    """Something of Billing's whose calls are mirrored."""

    def __init__(self, sync: Any, pool: Executor) -> None:
        self._sync, self._pool = sync, pool

    def run(self, method: Callable[..., T], *args: Any) -> Awaitable[T]:
        """Call it in a thread."""
        return asyncio.wrap_future(self._pool.submit(copy_context().run, method, *args))


class Mirrored(Generic[P, T]):
    """A synchronous method, to be called from a coroutine."""

    def __init__(self, method: Callable[Concatenate[Any, P], T]) -> None:
        self.method = method

    def awaitable(self, part: _Part) -> Callable[P, Awaitable[T]]:
        """The method of one opened Billing, at work in a thread."""

        @wraps(self.method)
        async def awaitable(*args: P.args, **kwargs: P.kwargs) -> T:
            # Bound by name: a subclass may have its own.
            method = partial(getattr(part._sync, self.method.__name__), *args, **kwargs)  # noqa: SLF001 - of this module
            return await part.run(method)

        return awaitable


class call(Mirrored[P, T]):  # noqa: N801 - reads as what it makes of a method
    """A synchronous method as an awaitable one, with the same arguments and the same answer."""

    @overload
    def __get__(self, part: None, owner: type) -> Self: ...
    @overload
    def __get__(self, part: _Part, owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, part: _Part | None, owner: type) -> Self | Callable[P, Awaitable[T]]:
        """The method of one opened Billing."""
        return self if part is None else self.awaitable(part)


class reserving(Mirrored[P, Reservation]):  # noqa: N801 - as above
    """The same for a reservation, whose ends have to be awaited too."""

    @overload
    def __get__(self, part: None, owner: type) -> Self: ...
    @overload
    def __get__(self, part: _Part, owner: type) -> Callable[P, Reserving]: ...
    def __get__(self, part: _Part | None, owner: type) -> Self | Callable[P, Reserving]:
        """The method of one opened Billing."""
        if part is None:
            return self
        made = self.awaitable(part)

        @wraps(self.method)
        def reserve(*args: P.args, **kwargs: P.kwargs) -> Reserving:
            return Reserving(made(*args, **kwargs), part.run)

        return reserve


class AioCustomers(_Part):
    """`billing.aio.customers`."""

    get = call(Customers.get)
    require = call(Customers.require)
    ensure = call(Customers.ensure)
    kind = call(Customers.kind)
    repair = call(Customers.repair)


class AioSubscriptions(_Part):
    """`billing.aio.subscriptions`."""

    of = call(Subscriptions.of)


class AioAlerts(_Part):
    """`billing.aio.alerts`."""

    of = call(Alerts.of)


class AioMembers(_Part):
    """`billing.aio.members`."""

    limit = call(Members.limit)
    limits = call(Members.limits)


class AioUsage(_Part):
    """`billing.aio.usage`."""

    corrections = call(Usage.corrections)
    dead = call(Usage.dead)
    drift = call(Usage.drift)
    drop = call(Usage.drop)
    flush = call(Usage.flush)
    lag = call(Usage.lag)
    record = call(Usage.record)
    retry = call(Usage.retry)
    retry_dead = call(Usage.retry_dead)
    settle_correction = call(Usage.settle_correction)
    summary = call(Usage.summary)


class AioStripeGrants(_Part):
    """`billing.aio.credits.stripe`."""

    balance = call(StripeGrants.balance)
    create = call(StripeGrants.create)
    expire = call(StripeGrants.expire)
    get = call(StripeGrants.get)
    list = call(StripeGrants.list)
    transactions = call(StripeGrants.transactions)
    void = call(StripeGrants.void)


class AioCredits(_Part):
    """`billing.aio.credits`."""

    auto_top_up = call(Credits.auto_top_up)
    auto_top_ups = call(Credits.auto_top_ups)

    def __init__(self, sync: Credits, pool: Executor) -> None:
        super().__init__(sync, pool)
        self.stripe = AioStripeGrants(sync.stripe, pool)

    balance = call(Credits.balance)
    balances = call(Credits.balances)
    entries = call(Credits.entries)
    expire = call(Credits.expire)
    grant = call(Credits.grant)
    revoke = call(Credits.revoke)
    stop_auto_top_up = call(Credits.stop_auto_top_up)


class AioLeases(_Part):
    """`billing.aio.leases`."""

    bound = call(Leases.bound)
    settle = call(Leases.settle)


class AioSeats(_Part):
    """`billing.aio.seats`."""

    accept = call(SeatsOfEntities.accept)
    add = call(SeatsOfEntities.add)
    buy = call(SeatsOfEntities.buy)
    count = call(SeatsOfEntities.count)
    history = call(SeatsOfEntities.history)
    invite = call(SeatsOfEntities.invite)
    members = call(SeatsOfEntities.members)
    remove = call(SeatsOfEntities.remove)
    revoke = call(SeatsOfEntities.revoke)
    status = call(SeatsOfEntities.status)
    sweep = call(SeatsOfEntities.sweep)
    sync = call(SeatsOfEntities.sync)


class AioPurchases(_Part):
    """`billing.aio.purchases`."""

    of = call(Purchases.of)
    refresh = call(Purchases.refresh)


class AioDuplicates(_Part):
    """`billing.aio.duplicates`."""

    of = call(Duplicates.of)
    resolve = call(Duplicates.resolve)


class AioInbox(_Part):
    """`billing.aio.inbox`."""

    dead = call(Inbox.dead)
    fact = call(Inbox.fact)
    facts = call(Inbox.facts)
    find = call(Inbox.find)
    lag = call(Inbox.lag)
    replay = call(Inbox.replay)
    replay_dead = call(Inbox.replay_dead)
    take_up_unhandled = call(Inbox.take_up_unhandled)
    waiting = call(Inbox.waiting)


class AioPersonalData(_Part):
    """`billing.aio.personal_data`."""

    erase = call(PersonalData.erase)
    export = call(PersonalData.export)


class AioBilling(_Part):
    """An opened Billing with awaitable calls. What needs neither disk nor network, such as `plans`, is on `billing`."""

    def __init__(self, billing: Billing, *, threads: int = THREADS) -> None:
        self.billing = billing
        super().__init__(billing, ThreadPoolExecutor(threads, thread_name_prefix="billing-aio"))
        self.customers = AioCustomers(billing.customers, self._pool)
        self.subscriptions = AioSubscriptions(billing.subscriptions, self._pool)
        self.alerts = AioAlerts(billing.alerts, self._pool)
        self.members = AioMembers(billing.members, self._pool)
        self.usage = AioUsage(billing.usage, self._pool)
        self.credits = AioCredits(billing.credits, self._pool)
        self.leases = AioLeases(billing.leases, self._pool)
        self.seats = AioSeats(billing.seats, self._pool)
        self.purchases = AioPurchases(billing.purchases, self._pool)
        self.personal_data = AioPersonalData(billing.personal_data, self._pool)
        self.duplicates = AioDuplicates(billing.duplicates, self._pool)
        self.inbox = AioInbox(billing.inbox, self._pool)

    @classmethod
    async def open(cls, *, threads: int = THREADS, **settings: Any) -> Self:
        """`Billing.open` with these settings, in a thread: a manifest may have to be asked of Pulumi."""
        return cls(await asyncio.to_thread(partial(Billing.open, **settings)), threads=threads)

    authorize = call(Billing.authorize)
    cancel = call(Billing.cancel)
    change_plan = call(Billing.change_plan)
    check = call(Billing.check)
    checkout = call(Billing.checkout)
    commit = call(Billing.commit)
    consume = call(Billing.consume)
    consume_all = call(Billing.consume_all)
    consume_llm = call(Billing.consume_llm)
    consumption = call(Billing.consumption)
    check_account = call(Billing.check_account)
    doctor = call(Billing.doctor)
    export_usage = call(Billing.export_usage)
    features = call(Billing.features)
    forecast = call(Billing.forecast)
    held = call(Billing.held)
    history = call(Billing.history)
    limits = call(Billing.limits)
    portal = call(Billing.portal)
    refund = call(Billing.refund)
    release = call(Billing.release)
    reload = call(Billing.reload)
    reserve = reserving(Billing.reserve)
    restore = call(Billing.restore)
    resume = call(Billing.resume)
    resolve_duplicates = call(Billing.resolve_duplicates)
    setup_intent = call(Billing.setup_intent)
    subscribe = call(Billing.subscribe)
    subscription = call(Billing.subscription)
    sync = call(Billing.sync)
    sync_all = call(Billing.sync_all)
    webhook = call(Billing.webhook)

    def shutdown(self) -> None:
        """Let calls that are at work end, and take no more."""
        self._pool.shutdown(cancel_futures=True)
