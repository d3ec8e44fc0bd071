"""`billing.history` and its export: what was used each day, by whom and for what."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import InvalidInput, UsageRow
from billing_runtime.reading import history

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time

GOLDEN = Path(__file__).with_name("usage_export")
MONDAY, TUESDAY = date(2026, 3, 14), date(2026, 3, 15)


@pytest.fixture
def used(billing: Billing, clock: Time) -> Billing:
    """Two days of use by two members, some of it given back."""
    billing.consume("org_1", "seconds", 5, member="ada", action="chat")
    billing.consume("org_1", "seconds", 2, member="ada", action="search")
    undone = billing.consume("org_1", "seconds", Decimal("2.5"), member="bob", action="chat")
    gone = billing.consume("org_1", "credits", 9)
    clock.pass_(hours=2)
    billing.consume("org_1", "seconds", 7)
    billing.refund(str(undone.receipt), 1)
    billing.refund(str(gone.receipt))
    billing.reserve("org_1", "seconds", 100)
    billing.consume("org_2", "seconds", 1000)
    return billing


def test_by_day(used: Billing) -> None:
    """What was used on a day, less what was given back of it, also if that was later; nothing of what is only held."""
    assert used.history("org_1", "seconds") == (
        UsageRow("seconds", Decimal("8.5"), MONDAY),
        UsageRow("seconds", 7, TUESDAY),
    )
    assert used.history("org_1", "limits:seconds", start=TUESDAY) == (UsageRow("seconds", 7, TUESDAY),)
    assert used.history("org_1", "seconds", end=MONDAY) == (UsageRow("seconds", Decimal("8.5"), MONDAY),)
    assert used.history("org_1", "credits") == ()
    assert used.history("org_3", "seconds") == ()


def test_by_member_and_action(used: Billing) -> None:
    """Sums by whoever used it and what for; what named nobody stands under None."""
    members = [(row.member, row.amount) for row in used.history("org_1", "seconds", by="member")]
    assert members == [(None, 7), ("ada", 7), ("bob", Decimal("1.5"))]
    actions = [(row.action, row.amount) for row in used.history("org_1", "seconds", by="action")]
    assert actions == [(None, 7), ("chat", Decimal("6.5")), ("search", 2)]
    both = used.history("org_1", "seconds", by=("day", "action"), end=MONDAY)
    assert [(row.day, row.action, row.member, row.amount) for row in both] == [
        (MONDAY, "chat", None, Decimal("6.5")),
        (MONDAY, "search", None, 2),
    ]


def test_a_moment_stands_for_its_day(used: Billing) -> None:
    """A time is the day it falls on in UTC; without a zone nobody knows which."""
    late = datetime(2026, 3, 14, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert [row.day for row in used.history("org_1", "seconds", start=late)] == [TUESDAY]
    with pytest.raises(InvalidInput, match="start has no time zone"):
        used.history("org_1", "seconds", start=datetime(2026, 3, 14))  # noqa: DTZ001 - that is the point
    with pytest.raises(InvalidInput, match="end must not be before start"):
        used.history("org_1", "seconds", start=TUESDAY, end=MONDAY)
    wrong: Any = "2026-03-14"
    with pytest.raises(InvalidInput, match="start must be a date, not str"):
        used.history("org_1", "seconds", start=wrong)
    wrong = "week"
    with pytest.raises(InvalidInput, match="not 'week'"):
        used.history("org_1", "seconds", by=wrong)


def exported(billing: Billing, **settings: Any) -> str:
    """What is written."""
    to = io.StringIO(newline="")
    written = billing.export_usage("org_1", to, **settings)
    assert settings.get("format") == "json" or to.getvalue().count("\n") == written + 1
    return to.getvalue()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_export_is_a_public_format(used: Billing, kind: str) -> None:
    """Other programs read it: its bytes must not change."""
    assert exported(used, format=kind) == GOLDEN.with_suffix(f".{kind}").read_text()


def test_an_export_says_what_was_asked_for(used: Billing) -> None:
    """One name, some days, or nothing at all, as a table that is whole in both formats."""
    assert "credits" not in exported(used, name="limits:seconds")
    assert [row["day"] for row in csv.DictReader(io.StringIO(exported(used, start=TUESDAY)))] == ["2026-03-15"]
    none = json.loads(exported(used, format="json", end=date(2020, 1, 1)))
    assert none == {"version": 1, "entity_id": "org_1", "usage": []}
    with pytest.raises(InvalidInput, match="'csv' or 'json', not 'xml'"):
        exported(used, format="xml")


def test_more_than_a_page(billing: Billing, clock: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows there are, each must come once."""
    monkeypatch.setattr(history, "_PAGE", 3)
    for number in range(7):
        billing.consume("org_1", "seconds", number + 1, member=f"m{number % 4}", action=f"a{number % 2}")
        clock.pass_(hours=7 if number == 3 else 0)
    assert sum(row.amount for row in billing.history("org_1", "seconds")) == 28
    assert len(list(csv.reader(io.StringIO(exported(billing))))) == 8


USES = st.lists(
    st.tuples(
        st.integers(1, 50), st.sampled_from([None, "ada", "bob"]), st.sampled_from([None, "chat"]), st.integers(0, 50),
        st.integers(0, 30),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uses=USES)
def test_the_history_adds_up(billing: Billing, clock: Time, uses: list[Any]) -> None:
    """Whatever is used and given back, by whomever and when: every sum is what was used less what was given back."""
    entity = f"org_{uuid4()}"
    days: Counter[date] = Counter()
    members: Counter[str | None] = Counter()
    actions: Counter[str | None] = Counter()
    for amount, member, action, back, hours in uses:
        made = billing.consume(entity, "seconds", amount, member=member, action=action)
        kept, day = amount - min(back, amount), clock().astimezone(UTC).date()
        clock.pass_(hours=hours)
        if back:
            billing.refund(str(made.receipt), min(back, amount))
        days[day] += kept
        members[member] += kept
        actions[action] += kept
    assert {row.day: row.amount for row in billing.history(entity, "seconds")} == +days
    assert {row.member: row.amount for row in billing.history(entity, "seconds", by="member")} == +members
    assert {row.action: row.amount for row in billing.history(entity, "seconds", by="action")} == +actions
