"""`@billing.metered`, `async with billing.aio.reserve(...)`, `billing.consume_llm`."""

from __future__ import annotations

import asyncio
import inspect
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, InvalidInput, LimitReached, LlmCosts, LlmUsage, StoreError, llm_usage
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from tests.billing_runtime.consuming.conftest import Time

Json = dict[str, Any]


def usage(billing: Billing, name: str = "credits") -> tuple[Any, Any]:
    """What is used, and what of it is only held."""
    found = billing.consumption("org_1", name)
    return found.usage, found.held


def test_a_call_costs_what_it_reserved(billing: Billing) -> None:
    """While the function runs the units must be held, afterwards used; the result and the name are the function's."""

    @billing.metered("credits", entity="org", amount=7, member="who", action="greet")
    def greet(org: str, who: str = "ada") -> str:
        """Say hello."""
        assert usage(billing) == (7, 7)
        return f"hello {who} of {org}"

    assert greet("org_1") == "hello ada of org_1"
    assert usage(billing) == (7, 0)
    assert (greet.__name__, greet.__doc__, list(inspect.signature(greet).parameters)) == (
        "greet",
        "Say hello.",
        ["org", "who"],
    )
    (row,) = billing.history("org_1", "credits", by=("member", "action"))
    assert (row.member, row.action, row.amount) == ("ada", "greet", 7)


def test_entity_and_amount_are_found_in_the_arguments(billing: Billing) -> None:
    """By the name of an argument, defaults among them, or by a function of all of them."""

    @billing.metered("credits", entity=lambda request, **_: request["org"], amount="most", used=len)
    def ask(request: Json, most: int = 20) -> str:
        assert usage(billing)[1] == most
        return str(request["text"])

    ask({"org": "org_1", "text": "four"})
    assert usage(billing) == (4, 0)
    ask({"org": "org_1", "text": "five!"}, most=2)
    assert usage(billing) == (9, 0)
    ask({"org": "org_1", "text": ""})
    assert usage(billing) == (9, 0)


def test_a_function_that_raises_has_used_nothing(billing: Billing) -> None:
    """Its error comes through as it is, and what was held is free again."""

    @billing.metered("credits", entity="org", amount=50)
    def fail(org: str) -> None:
        raise ZeroDivisionError(org)

    with pytest.raises(ZeroDivisionError, match="org_1"):
        fail("org_1")
    assert usage(billing) == (0, 0)


def test_a_function_that_is_refused_never_runs(billing: Billing) -> None:
    """Without enough left the call raises LimitReached with the decision; unenforced, it runs all the same."""
    ran = []

    def work_itself(org: str) -> None:
        ran.append(org)

    work = billing.metered("credits", entity="org", amount=101)(work_itself)
    with pytest.raises(LimitReached, match="'credits'") as refused:
        work("org_1")
    assert (refused.value.decision.remaining, ran) == (100, [])
    billing.metered("credits", entity="org", amount=101, enforce=False)(work_itself)("org_1")
    assert (ran, usage(billing)) == (["org_1"], (101, 0))


def test_work_whose_usage_cannot_be_read_is_counted(billing: Billing) -> None:
    """The work was done: if `used` raises, everything that was reserved must count."""

    @billing.metered("credits", entity="org", amount=30, used=lambda result: llm_usage(result).total)
    def ask(org: str) -> Json:
        return {"no": f"usage for {org}"}

    with pytest.raises(InvalidInput, match="no token counts"):
        ask("org_1")
    assert usage(billing) == (30, 0)


def test_what_cannot_be_metered_is_refused_at_once(billing: Billing) -> None:
    """A typo, and a function that yields, must be seen when the module is imported, not at the first call."""

    def work(org: str) -> str:
        return org

    def several(org: str) -> Iterator[str]:
        yield org

    async def stream(org: str) -> AsyncIterator[str]:
        yield org

    with pytest.raises(InvalidInput, match="work has no argument 'org_id' to take the entity from: it has org"):
        billing.metered("credits", entity="org_id")(work)
    with pytest.raises(InvalidInput, match="no argument 'most' to take the amount from"):
        billing.metered("credits", entity="org", amount="most")(work)
    for function in (several, stream):
        yielding: Callable[[str], Any] = function
        with pytest.raises(InvalidInput, match=r"yields, so nobody knows when it has ended: use billing\.reserve"):
            billing.metered("credits", entity="org")(yielding)
    with pytest.raises(TypeError, match="missing a required argument: 'org'"):
        billing.metered("credits", entity="org")(work)()  # type: ignore[call-arg] # that is the point


def test_coroutines(billing: Billing) -> None:
    """A coroutine function must be counted in the same way, and release when it is cancelled."""
    began = asyncio.Event()

    @billing.metered("credits", entity="org", amount=10, used=len)
    async def ask(org: str, text: str) -> str:
        began.set()
        if text == "wait":
            await asyncio.Event().wait()
        if text == "fail":
            raise ZeroDivisionError(org)
        return text

    async def use() -> None:
        assert inspect.iscoroutinefunction(ask)
        assert await ask("org_1", "abc") == "abc"
        with pytest.raises(ZeroDivisionError):
            await ask("org_1", "fail")
        began.clear()
        task = asyncio.create_task(ask("org_1", "wait"))
        await began.wait()
        assert usage(billing) == (13, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(TypeError):
            await billing.metered("credits", entity="org", amount=30, used=len)(number)("org_1")
        with pytest.raises(LimitReached):
            await billing.metered("credits", entity="org", amount=1000)(number)("org_1")

    async def number(org: str) -> Any:
        return len(org)

    asyncio.run(use())
    assert usage(billing) == (33, 0)


def test_a_reservation_in_a_coroutine(billing: Billing) -> None:
    """Entered or awaited: its ends never hold up the loop, and it ends as a block does."""

    async def use() -> None:
        async with billing.aio.reserve("org_1", "credits", 20) as held:
            assert usage(billing) == (20, 20)
            assert (await held.commit(15)).receipt == held.receipt
            assert usage(billing) == (15, 0)
        assert held.ended
        async with billing.aio.reserve("org_1", "credits", 5):
            pass
        with pytest.raises(ZeroDivisionError):
            async with billing.aio.reserve("org_1", "credits", 20):
                raise ZeroDivisionError
        refused = await billing.aio.reserve("org_1", "credits", 81)
        assert (bool(refused), refused.receipt, refused.decision.remaining) == (False, None, 80)
        with pytest.raises(LimitReached):
            async with refused:
                raise AssertionError
        again = await billing.aio.reserve("org_1", "credits", 80)
        assert (again.receipt, await again.release()) == (again.reservation.receipt, True)

    asyncio.run(use())
    assert usage(billing) == (20, 0)


def test_a_commit_that_may_be_on_disk_gives_nothing_back(billing: Billing, clock: Time) -> None:
    """If the store fails at the commit the work was done all the same: it can be committed again, and is not free."""
    held = billing.reserve("org_1", "credits", 20)
    broken = pytest.MonkeyPatch()

    def fail_once(_: object) -> None:
        broken.undo()
        message = "The disk is full."
        raise StoreError(message)

    broken.setattr(billing._ledger, "do", fail_once)
    with pytest.raises(StoreError), held:
        held.commit()
    assert usage(billing) == (20, 20)
    clock.pass_(minutes=1)
    assert held.commit().usage == 20
    assert usage(billing) == (20, 0)


ANSWER: Json = {
    "id": "msg_1",
    "model": "poet-1",
    "usage": {"input_tokens": 100, "output_tokens": 30, "cache_read_input_tokens": 1000},
}


def test_an_answer_of_a_language_model_counts_once(billing: Billing) -> None:
    """By its own id, under its model's name, at its costs; and never refused, since the tokens are spent."""
    costs: LlmCosts = {"cache_read": (1, 10), "output": 5}
    made = billing.consume_llm("org_1", "tokens", ANSWER, costs=costs, member="ada")
    assert (made.usage, made.replayed) == (350, False)
    assert billing.consume_llm("org_1", "tokens", ANSWER, costs=costs, member="ada").replayed
    (row,) = billing.history("org_1", "tokens", by=("member", "action"))
    assert (row.member, row.action, row.amount) == ("ada", "poet-1", 350)
    assert billing.consume_llm("org_1", "denied", LlmUsage(5, 5)).overage == 10


def test_an_answer_may_be_named_and_refused(billing: Billing) -> None:
    """A key and an action of the caller's come first; asked to enforce, it does; what costs nothing is said."""
    first = billing.consume_llm("org_1", "credits", ANSWER["usage"], costs={"cache_read": 0}, enforce=True)
    assert (bool(first), first.receipt) == (False, None)
    made = billing.consume_llm("org_1", "credits", LlmUsage(5), idempotency_key="job-1", action="chat")
    assert billing.consume_llm("org_1", "credits", LlmUsage(5), idempotency_key="job-1", action="chat").replayed
    assert (made.usage, [row["action"] for row in rows(billing, "usage_day")]) == (5, ["chat"])
    with pytest.raises(InvalidInput, match="costs nothing"):
        billing.consume_llm("org_1", "credits", ANSWER, costs={"input": 0, "output": 0, "cache_read": 0})


def test_a_reservation_expires_while_the_model_writes(billing: Billing, clock: Time) -> None:
    """What was committed too late is counted all the same."""

    @billing.metered("credits", entity="org", amount=10, expires_in=timedelta(minutes=1))
    def slow(org: str) -> str:
        clock.pass_(minutes=2)
        return org

    slow("org_1")
    assert usage(billing) == (10, 0)
