"""Usage of any range, held against a calculation that walks past every event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator.accounts import Scope
from stripe_emulator.call import Call
from stripe_emulator.emulator import Emulator
from stripe_emulator.objects.metering.usage import METER_EVENTS, forget, minute_of, note, usage_of

NOON = 1_767_268_800  # 2026-01-01T12:00:00Z
HOUR, DAY = 3600, 86400
METER, CUSTOMER = "mtr_1", "cus_1"
SCOPE = Scope("acct_usage", livemode=False)
SIZES = {"hour": HOUR, "day": DAY}

Sent = tuple[int, int, bool]  # when, how much, whether it is cancelled later

MOMENTS = st.integers(-2 * DAY, 2 * DAY) | st.integers(-70, 70) | st.sampled_from([-HOUR, 0, HOUR, 60, DAY])
SENT = st.lists(st.tuples(MOMENTS, st.integers(-9, 99), st.booleans()), max_size=12)


def meter_of(formula: str, window: str | None = None) -> dict[str, Any]:
    """Return a meter."""
    return {"id": METER, "default_aggregation": {"formula": formula}, "event_time_window": window}


def counted(emulator: Emulator, sent: list[Sent], parts: int) -> Call:
    """Return a call that sees these events, counted in some transactions, the cancelled ones forgotten at the end."""
    call = emulator.begin(SCOPE)
    for number, (offset, value, _) in enumerate(sent):
        event: dict[str, Any] = {"timestamp": NOON + offset, "_number": number, "_value": value}
        event["_minute"] = minute_of(METER, CUSTOMER, NOON + offset)
        call.store.put(METER_EVENTS, str(number), event)
        note(call, METER, CUSTOMER, event)
        if number % parts == 0:
            emulator.commit(call)
            call = emulator.begin(SCOPE)
    for number, (_, _, is_cancelled) in enumerate(sent):
        if is_cancelled:
            gone: dict[str, Any] = {**(call.store.get(METER_EVENTS, str(number)) or {}), "_minute": None}
            call.store.put(METER_EVENTS, str(number), gone)
            forget(call, METER, CUSTOMER, gone)
    return call


def naive(formula: str, window: str | None, sent: list[Sent], start: int, end: int) -> int:
    """Calculate the same by hand: all events in a row."""
    inside = [
        (offset, number, value)
        for number, (offset, value, gone) in enumerate(sent)
        if start <= offset < end and not gone
    ]
    if window is not None:  # the last one to come of each hour or day takes the place of the others
        inside = list({(NOON + one[0]) // SIZES[window]: one for one in inside}.values())
    values = [value for _, _, value in sorted(inside)]
    return {"count": len(values), "sum": sum(values), "last": (values or [0])[-1]}[formula]


@settings(max_examples=300, deadline=None)
@given(
    formula=st.sampled_from(["sum", "count", "last"]),
    window=st.sampled_from([None, "hour", "day"]),
    sent=SENT,
    start=MOMENTS,
    end=MOMENTS,
    parts=st.sampled_from([1, 3, 100]),
)
def test_usage_is_what_a_walk_past_every_event_finds(
    formula: Any, window: str | None, sent: list[Sent], start: int, end: int, parts: int
) -> None:
    """In any order, on any meter, from any second up to any other, cancelled ones left out."""
    call, meter = counted(Emulator(), sent, parts), meter_of(formula, window)
    assert usage_of(call, meter, CUSTOMER, NOON + start, NOON + end) == naive(formula, window, sent, start, end)


@pytest.mark.belief("usage of a range has its first second, not its last one", "D")
def test_a_range_ends_before_its_end() -> None:
    """So that two periods that meet count nothing twice."""
    call, meter = counted(Emulator(), [(0, 1, False), (90, 2, False), (180, 4, False)], 1), meter_of("sum")
    assert usage_of(call, meter, CUSTOMER, NOON, NOON + 180) == 3
    assert usage_of(call, meter, CUSTOMER, NOON + 180, NOON + 181) == 4


def test_another_customer_and_another_meter_have_their_own() -> None:
    """Usage is of one customer on one meter."""
    call, meter = counted(Emulator(), [(0, 1, False)], 1), meter_of("sum")
    assert usage_of(call, meter, "cus_2", NOON, NOON + 1) == 0
    assert usage_of(call, {**meter, "id": "mtr_2"}, CUSTOMER, NOON, NOON + 1) == 0


def test_an_event_costs_the_same_however_many_there_were() -> None:
    """It touches its minute and its hour, not the others."""
    emulator = Emulator()
    touched = set()
    for size in (1, 2000):
        counted(emulator, [(second, 1, False) for second in range(size)], 1)
        call = emulator.begin(SCOPE)
        event = {"timestamp": NOON, "_number": 9999, "_value": 1, "_minute": minute_of(METER, CUSTOMER, NOON)}
        note(call, METER, CUSTOMER, event)
        touched.add(len(call.store.changes))
    assert touched == {2}
