"""What is kept in the store of decisions and counters: forms that later versions have to read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Limit, Rollover
from billing_runtime.consuming.taken import taken_of, written
from billing_runtime.limits.counting import Counter, Left, key_of, rollover_of
from billing_runtime.limits.details import counter_details, left_details, read_counter_details, read_left_details
from billing_runtime.limits.windows import Schedule, Window
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from billing_runtime import Billing

#: name, amount, usage, limit, remaining, overage, end of the window, reason, member, action, per, start of the window,
#: epoch, meter, start and end of the billing period, cost of an action, whether it is the member's own, where from
PLAIN = (
    '[["credits","30","30",100,"70","0",1775001600,"included","","","month",1772323200,0,null,1772323200,1775001600,'
    'null,0,[["w",0,"30"]]]]'
)
OF_A_MEMBER = (
    '[["credits","2.5","2.5",100,"97.5","0",1775001600,"included","ada","chat","month",1772323200,0,null,1772323200,'
    '1775001600,null,0,[["w",0,"2.5"]]],["credits","2.5","2.5",40,"37.5","0",1775001600,"included","ada","chat","month",'
    '1772323200,0,null,1772323200,1775001600,null,1,[["w",0,"2.5"]]]]'
)
METERED = (
    '[["tokens","1200","1200",1000,"0","200",1775001600,"overage","","","period",1772323200,0,"alpaca-ai-tokens",'
    '1772323200,1775001600,null,0,[["w",0,"1000"],["o",0,"200"]]]]'
)
EVERY_SOURCE = (
    '[["credits","10","110",100,"5","0",null,"included","","image","lifetime",0,3,null,0,null,"5",0,'
    '[["w",0,"1"],["c",1772323200,"2"],["g","cgr_1","4"],["o",0,"3"]]]]'
)


def kept(billing: Billing) -> str:
    """What the one decision took."""
    (row,) = rows(billing, "decision")
    return str(row["parts"])


def test_what_decisions_take(billing: Billing) -> None:
    """A use must be written down in this form, to the byte."""
    billing.consume("org_1", "credits", 30)
    assert kept(billing) == PLAIN


def test_what_decisions_of_members_take(billing: Billing) -> None:
    """Where the member has a limit of his own, what that counts must stand after what the entity's does."""
    billing.members.limit("org_1", "credits", 40)
    billing.consume("org_1", "credits", Decimal("2.5"), member="ada", action="chat")
    assert kept(billing) == OF_A_MEMBER


def test_what_is_reported_to_a_meter(billing: Billing) -> None:
    """The meter must stand there with the billing period, and what was beyond the limit apart."""
    billing.consume("org_1", "tokens", 1200)
    assert kept(billing) == METERED


@pytest.mark.parametrize("text", [PLAIN, OF_A_MEMBER, METERED, EVERY_SOURCE])
def test_decisions_are_read_as_ever(text: str) -> None:
    """What was written in this form must be read, and be written the same again."""
    assert written(taken_of(text)) == text


def test_where_units_came_from() -> None:
    """Window, carried units, credits and overage must each be known by their letters."""
    (taken,) = taken_of(EVERY_SOURCE)
    assert (taken.units, taken.rate, taken.epoch, taken.own) == (10, 5, 3, False)
    assert taken.buckets == [("w", 0, 1), ("c", 1772323200, 2), ("g", "cgr_1", 4), ("o", 0, 3)]


DETAILS = (
    '{"met":{"price_a":2,"price_b":4},"bases":[[4,"70","20"]],"shares":[8640000,0,1772409600,100],"level":"7.5",'
    '"carried":[[1769904000,"12"]],"ahead":[["month",1775001600]]}'
)
LEFT = '{"met":{"price_a":2,"price_b":4},"bases":[[4,"70","20"]],"terms":"price_b","reached":80,"rollover":[50,2,"12"]}'


def test_what_counters_remember() -> None:
    """Plans, shares, carried units and windows ahead must be read and written in this form; mostly there is none."""
    counter = Counter(per="month", start=1772323200, used=100, paid=20, terms="price_b")
    read_counter_details(counter, DETAILS)
    assert (counter.usage, counter.own, counter.level) == (30, 30, Decimal("7.5"))
    assert (counter.shares and counter.shares.since, counter.carried[0].left) == (1772409600, 12)
    assert counter.ahead == [("month", 1775001600)]
    assert counter_details(counter) == DETAILS
    assert not counter_details(Counter())


def test_what_windows_remember() -> None:
    """A window that was left must know its plans and what it handed on; one that just ended, nothing."""
    left = Left(granted=100, used=100, paid=20, moved=True)
    read_left_details(left, LEFT)
    assert (left.usage, left.reached, left.rollover, left.handed) == (30, 80, Rollover(50, 2), 12)
    assert left_details(left) == LEFT
    assert not left_details(Left())


KEYS: list[tuple[Limit, Schedule, str]] = [
    (Limit(100), Schedule("month"), "price_a|100|period|month1|0||"),
    (Limit("unlimited", "day"), Schedule("day"), "price_a|unlimited|day|day1|0||"),
    (
        Limit(5, rollover=Rollover(50, 2)),
        Schedule("year", 2, 7, Window(7, 9)),
        "price_a|5|period|year2|7|7-9|50/2",
    ),
    (Limit(5, rollover=Rollover(None, 3)), Schedule("month"), "price_a|5|period|month1|0||/3"),
]


@pytest.mark.parametrize(("limit", "schedule", "key"), KEYS)
def test_what_a_counter_follows(limit: Limit, schedule: Schedule, key: str) -> None:
    """The key must stay what it is: another one makes every counter look for its window again."""
    assert key_of(limit, "price_a", schedule) == key
    assert rollover_of(key) == limit.rollover


@pytest.fixture
def backend() -> Any:
    """The form is the same everywhere; what is kept where is another test's."""
    return "sqlite"
