"""The same calls as awaitables: nothing blocks the loop, and a cancelled task loses nothing."""

from __future__ import annotations

import asyncio
import inspect
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, NoCustomer
from billing_runtime import aio as mirror

if TYPE_CHECKING:
    import stripe

    from billing_runtime.aio import AioBilling
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
#: Answered from memory, or about opening and closing: there is nothing to wait for.
AT_ONCE = {"open", "close", "plans", "plan", "price", "product", "meter", "metered", "on", "on_threshold", "worker"}

#: For the other parts of this package.
WITH_CALLBACKS = {"at_stripe", "follow_up"}


def calls_of(kind: type) -> set[str]:
    """The public methods of a class."""
    return {name for name, one in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def mirrored_in(kind: type) -> set[str]:
    """The awaitable ones."""
    return {name for name, one in vars(kind).items() if isinstance(one, mirror.Mirrored)}


def test_every_call_is_mirrored(billing: Billing) -> None:
    """Whatever blocks must be there as an awaitable: a new call needs its line in billing_runtime/aio.py."""
    assert calls_of(Billing) - AT_ONCE == mirrored_in(mirror.AioBilling)
    parts = {name: part for name, part in vars(billing).items() if not name.startswith("_") and name != "aio"}
    for name in parts.keys() - {"returns"}:
        assert hasattr(billing.aio, name), f"billing.{name} needs a class in billing_runtime/aio.py"
        there = mirrored_in(type(getattr(billing.aio, name)))
        assert calls_of(type(parts[name])) - WITH_CALLBACKS == there, f"billing.{name}"


def test_a_call_answers_and_raises_as_ever(billing: Billing) -> None:
    """Arguments, answers and errors must be those of the synchronous call."""

    async def use(aio: AioBilling) -> None:
        made = await aio.customers.ensure("org_1", kind="organization")
        assert made == billing.customers.require("org_1").__class__("org_1", made.id, created=True)
        with pytest.raises(NoCustomer):
            await aio.subscribe("org_2", price="team.monthly")
        subscription = await aio.subscribe("org_1", price="team.monthly", quantity=2)
        assert subscription.items[0].quantity == 2

    asyncio.run(use(billing.aio))


def test_the_loop_goes_on_while_stripe_is_stalled(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """While Stripe does not answer, the loop must run whatever else there is."""
    pause = stripe_emulator.pause_next("before", method="POST", path="/v1/customers")

    async def use(aio: AioBilling) -> int:
        waiting = asyncio.ensure_future(aio.customers.ensure("org_1"))
        await asyncio.to_thread(pause.wait_until_reached)
        ticks = 0
        for _ in range(1000):
            await asyncio.sleep(0)
            ticks += not waiting.done()
        pause.release()
        await waiting
        return ticks

    assert asyncio.run(use(billing.aio)) == 1000


def test_a_task_that_is_cancelled(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A task that is cancelled must stop waiting at once; what had begun is finished and found by the next call."""
    pause = stripe_emulator.pause_next("after", method="POST", path="/v1/customers")

    async def use(aio: AioBilling) -> str:
        waiting = asyncio.ensure_future(aio.customers.ensure("org_1"))
        await asyncio.to_thread(pause.wait_until_reached)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        pause.release()
        return (await aio.customers.ensure("org_1")).id

    made = asyncio.run(use(billing.aio))
    assert [customer.id for customer in stripe_client.v1.customers.list()] == [made]


def test_what_has_not_begun_is_not_done(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """A call that was still waiting for a thread when its task was cancelled must never be made."""
    aio = mirror.AioBilling(billing, threads=1)
    pause = stripe_emulator.pause_next("before", method="POST", path="/v1/customers")

    async def use() -> None:
        first = asyncio.ensure_future(aio.customers.ensure("org_1"))
        await asyncio.to_thread(pause.wait_until_reached)
        second = asyncio.ensure_future(aio.customers.ensure("org_2"))
        await asyncio.sleep(0)
        second.cancel()
        pause.release()
        await first

    asyncio.run(use())
    aio.shutdown()
    assert billing.customers.get("org_2") is None


def test_many_at_once(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """A hundred tasks, more than there are threads, must all be answered, and make one customer."""

    async def use(aio: AioBilling) -> set[str]:
        made = await asyncio.gather(*(aio.customers.ensure("org_1") for _ in range(100)))
        return {customer.id for customer in made}

    assert asyncio.run(use(billing.aio)) == {customer.id for customer in stripe_client.v1.customers.list()}


def test_the_context_goes_along(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a task has set for itself, such as a request's id for logs, must be seen in the thread."""
    request: ContextVar[str] = ContextVar("request")
    monkeypatch.setattr(type(billing.customers), "get", lambda _, __: request.get())

    async def use(aio: AioBilling) -> Any:
        request.set("r1")
        return await aio.customers.get("org_1")

    assert asyncio.run(use(billing.aio)) == "r1"


def test_opening_and_closing(provisioned: Json, stripe_emulator: EmulatorClient, store_url: str) -> None:
    """An application that is asynchronous throughout must be able to open it so, and closing must end its threads."""
    settings: Json = {"manifest": provisioned, "store": store_url, "api_key": stripe_emulator.key, "environ": {}}

    async def use() -> None:
        aio = await mirror.AioBilling.open(api_base=stripe_emulator.url, **settings)
        assert (await aio.customers.ensure("org_1")).created
        aio.billing.close()
        aio.shutdown()
        with pytest.raises(RuntimeError, match="shutdown"):
            await aio.customers.ensure("org_1")

    asyncio.run(use())
