"""Who moves and who stays, by what Stripe says of a subscription."""

from __future__ import annotations

from typing import Any

import pytest

from billing_runtime.catalog import Seats
from billing_runtime.migration.policy import Policy
from billing_runtime.migration.selection import Back, Forward
from billing_runtime.migration.steps import REASONS, Line, Move, Skip
from tests.billing_runtime.migration.test_facts import facts

OLD, NEW = facts(id="price_1", type="per_seat"), facts(id="price_2", type="per_seat", seats=Seats("follow", 2, 10))


def item(price: str = "price_1", quantity: int | None = 3, number: int = 1) -> dict[str, Any]:
    """One item of a subscription."""
    period = {"current_period_start": 100, "current_period_end": 200}
    return {"id": f"si_{number}", "price": {"id": price}, "quantity": quantity, **period}


def body(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A subscription in USD that runs."""
    usual = {"id": "sub_1", "customer": "cus_1", "status": "active", "currency": "usd", "schedule": None}
    return {**usual, "items": {"data": list(items or (item(),))}, **fields}


def judged(subscription: dict[str, Any], **policy: Any) -> Move | Skip:
    """What becomes of it on the way forward."""
    return Forward(OLD, NEW, Policy(**policy)).judge(subscription)


def test_a_subscription_moves_with_its_quantity() -> None:
    """The item is found by its price, wherever it stands among the others."""
    move = judged(body(item("price_base", 1, number=7), item(quantity=3, number=8)))
    assert isinstance(move, Move)
    assert (move.item, move.before, move.after) == ("si_8", Line("price_1", 3), Line("price_2", 3))
    assert (move.period_start, move.period_end, move.trialing) == (100, 200, False)


@pytest.mark.parametrize(
    ("subscription", "reason"),
    [
        (body(status="canceled"), "canceled"),
        (body(status="incomplete_expired"), "canceled"),
        (body(status="incomplete"), "incomplete"),
        (body(status="paused"), "paused"),
        (body(status="past_due"), "past_due"),
        (body(status="unpaid"), "past_due"),
        (body(item("price_3")), "gone"),
        (body(item("price_2")), "already_moved"),
        (body(item("price_2"), status="canceled"), "already_moved"),
        (body(item(), item("price_2", number=2)), "target_on_subscription"),
        (body(schedule="sub_sched_1"), "schedule"),
        (body(pending_update={"expires_at": 1}), "pending_update"),
        (body(cancel_at_period_end=True), "cancel_at_period_end"),
        (body(cancel_at=500), "cancel_at_period_end"),
        (body(currency="eur"), "other_currency"),
        (body(item(quantity=1)), "below_minimum"),
        (body(item(quantity=11)), "above_maximum"),
    ],
)
def test_who_stays_and_why(subscription: dict[str, Any], reason: str) -> None:
    """Each has one reason, which is explained in words."""
    skip = judged(subscription)
    assert isinstance(skip, Skip)
    assert skip.reason == reason
    assert skip.sentence.startswith(REASONS[reason])


@pytest.mark.parametrize(
    ("subscription", "policy"),
    [
        (body(status="past_due"), {"past_due": "move"}),
        (body(status="unpaid"), {"past_due": "move"}),
        (body(cancel_at_period_end=True), {"cancel_at_period_end": "move"}),
        (body(status="trialing"), {}),
        (body(), {"only": ("cus_1", "cus_2")}),
        (body(), {"exclude": ("cus_2",)}),
        (body(customer={"id": "cus_1"}), {"only": ("cus_1",)}),
    ],
)
def test_who_is_taken_along(subscription: dict[str, Any], policy: dict[str, Any]) -> None:
    """By policy, or because nothing speaks against it."""
    assert isinstance(judged(subscription, **policy), Move)


@pytest.mark.parametrize("policy", [{"only": ("cus_2",)}, {"exclude": ("cus_1",)}])
def test_left_out_by_name(policy: dict[str, Any]) -> None:
    """--only and --exclude name customers."""
    skip = judged(body(), **policy)
    assert isinstance(skip, Skip)
    assert skip.reason == "excluded"


def test_seats_are_raised_only_when_told() -> None:
    """To the minimum, and never above what was bought otherwise."""
    move = judged(body(item(quantity=1)), raise_to_minimum=True)
    assert isinstance(move, Move)
    assert (move.after, move.raised) == (Line("price_2", 2), True)
    kept = judged(body(item(quantity=5)), raise_to_minimum=True)
    assert isinstance(kept, Move)
    assert (kept.after.quantity, kept.raised) == (5, False)


def test_usage_has_no_quantity() -> None:
    """A metered item moves without a number."""
    metered = [facts(id=name, usage="metered", meter="mtr_1") for name in ("price_1", "price_2")]
    move = Forward(metered[0], metered[1], Policy()).judge(body(item(quantity=None)))
    assert isinstance(move, Move)
    assert move.after == Line("price_2", None)


def test_several_of_a_flat_price_would_be_billed_several_times() -> None:
    """Seven seats do not become seven times a flat fee."""
    rule = Forward(OLD, facts(id="price_2", type="flat"), Policy())
    skip = rule.judge(body(item(quantity=7)))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.detail) == ("flat_price", "7 of it")
    assert isinstance(rule.judge(body(item(quantity=1))), Move)


@pytest.mark.parametrize(
    ("subscription", "reason"),
    [
        (body(item("price_2", 4)), "changed_since"),
        (body(item("price_3")), "changed_since"),
        (body(item("price_2", 2), item("price_1", number=2)), "changed_since"),
        (body(item("price_1")), "already_moved"),
        (body(item("price_2", 2), status="canceled"), "canceled"),
        (body(item("price_2", 2), schedule="sub_sched_1"), "schedule"),
    ],
)
def test_what_does_not_go_back(subscription: dict[str, Any], reason: str) -> None:
    """Whatever is not as the migration left it."""
    skip = Back(NEW, OLD, was=Line("price_1", 1), left=Line("price_2", 2)).judge(subscription)
    assert isinstance(skip, Skip)
    assert skip.reason == reason


def test_what_goes_back_becomes_what_it_was() -> None:
    """Price and quantity, also where seats had been raised; a policy of the way forward does not matter."""
    rule = Back(NEW, OLD, was=Line("price_1", 1), left=Line("price_2", 2))
    for status in ("active", "past_due"):
        move = rule.judge(body(item("price_2", 2), status=status, cancel_at_period_end=True))
        assert isinstance(move, Move)
        assert move.after == Line("price_1", 1)
