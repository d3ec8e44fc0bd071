"""`billing.check`: what the application counts itself, held to a limit."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Billing, Check, InvalidInput, Limit, UnknownName
from billing_runtime.held import HeldSubscription
from billing_runtime.limits.gauge import judged
from billing_runtime.limits.terms import LimitSource

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = st.integers(0, 10**12) | st.decimals(0, 10**12, places=9)


@pytest.fixture
def billing(open_shop: Callable[..., Billing]) -> Billing:
    """The shop, with a user on the free plan."""
    billing = open_shop()
    billing.customers.ensure("user_1", kind="user")
    return billing


def test_up_to_the_limit_it_is_allowed(billing: Billing) -> None:
    """The last unit must be allowed, the one after it not, and the answer says how many are left."""
    assert billing.check("user_1", "projects", current=2) == Check(True, 2, 1, 3, 1, "included")
    assert billing.check("user_1", "limits:projects", current=3) == Check(False, 3, 1, 3, 0, "limit reached")
    assert not billing.check("user_1", "projects", current=2, adding=2)
    assert billing.check("user_1", "projects", current=3, adding=0)
    assert billing.check("user_1", "projects", current=9, adding=0).remaining == 0


def test_a_limit_of_nothing_denies(billing: Billing) -> None:
    """An included amount of 0 must mean none, never that there is no limit (T1)."""
    assert billing.check("user_1", "images", current=0) == Check(False, 0, 1, 0, 0, "limit reached")


def test_what_is_not_included_is_refused_by_a_decision(billing: Billing) -> None:
    """A name that the terms lack must be an answer, not an error and not unlimited (S2)."""
    assert billing.check("user_1", "members", current=0) == Check(False, 0, 1, 0, 0, "not included")
    assert billing.check("nobody", "ai_tokens", current=0).reason == "not included"
    with pytest.raises(UnknownName, match="did you mean 'members'"):
        billing.check("user_1", "member", current=0)


def test_beyond_a_limit_that_is_billed_it_is_allowed(billing: Billing) -> None:
    """What is let through or billed beyond the limit must be allowed, and be told as such."""
    assert billing.check("org_1", "ai_tokens", current=100000) == Check(True, 100000, 1, 100000, 0, "overage")


@pytest.mark.parametrize(
    ("status", "reason"),
    [("canceled", "canceled"), ("incomplete", "incomplete"), ("past_due", "past_due, grace is over")],
)
def test_without_access_the_answer_says_the_status(
    billing: Billing, set_status: Callable[..., None], status: str, reason: str
) -> None:
    """A subscription that gives no access must allow nothing of its own, and the refusal says why."""
    set_status(billing, "org_1", status)
    assert billing.check("org_1", "ai_tokens", current=0) == Check(False, 0, 1, 0, 0, reason)


BAD: list[Any] = [-1, True, 1.0, "3", None, Decimal(-1), Decimal("NaN"), Decimal("Infinity"), 10**15, Decimal("1e-10")]


@pytest.mark.parametrize("what", ["current", "adding"])
@pytest.mark.parametrize("bad", BAD)
def test_bad_numbers_are_refused(billing: Billing, what: str, bad: Any) -> None:
    """Negative amounts, floats and texts must be refused: they would make room that nobody has paid for (S12)."""
    with pytest.raises(InvalidInput, match=f"^{what} must be"):
        billing.check("user_1", "projects", **{"current": 0, "adding": 1} | {what: bad})


def test_it_can_be_awaited(billing: Billing) -> None:
    """The same answers must come without holding up an event loop."""

    async def ask() -> tuple[object, ...]:
        asked = billing.aio
        return (
            await asked.check("user_1", "projects", current=2),
            await asked.limits("user_1"),
            await asked.features("user_1"),
        )

    checked = billing.check("user_1", "projects", current=2)
    assert asyncio.run(ask()) == (checked, billing.limits("user_1"), billing.features("user_1"))


def check(limit: Limit | None, current: Any, adding: Any) -> Check:
    """What is decided for somebody without a subscription."""
    terms = "none" if limit is None else "plan:free"
    return judged(HeldSubscription("user_1"), LimitSource(limit, None, terms, "x"), current, adding)


@given(st.integers(0, 10**12), COUNTS, COUNTS)
def test_allowed_is_what_fits(included: int, current: Any, adding: Any) -> None:
    """It must be allowed exactly if both together are within the limit; what remains is never below 0."""
    found = check(Limit(included), current, adding)
    assert bool(found) == (current + adding <= included)
    assert found.remaining == max(0, included - current)
    assert found.reason == ("included" if found else "limit reached")


@given(COUNTS, COUNTS, st.integers(0, 10**12), st.sampled_from(["allow", "bill"]))
def test_what_may_be_exceeded_is_always_allowed(current: Any, adding: Any, included: int, overage: str) -> None:
    """A limit that does not block must allow everything, and tell what is beyond it."""
    found = check(Limit(included, overage=overage), current, adding)
    assert found
    assert (found.reason == "included") == (current + adding <= included)


@given(COUNTS, COUNTS)
def test_unlimited_has_no_end_and_nothing_has_no_beginning(current: Any, adding: Any) -> None:
    """Unlimited must allow whatever there is, and what is not included must refuse even nothing."""
    assert check(Limit("unlimited"), current, adding) == Check(True, current, adding, None, None, "included")
    assert check(None, current, adding) == Check(False, current, adding, 0, 0, "not included")


@given(st.integers(0, 10**6), COUNTS, COUNTS, COUNTS)
def test_less_is_never_refused_where_more_is_allowed(included: int, current: Any, one: Any, other: Any) -> None:
    """Of two amounts the smaller must be allowed wherever the larger is."""
    small, large = sorted((one, other))
    assert check(Limit(included), current, small) or not check(Limit(included), current, large)
