"""`billing.members.limit`: what a member may use, within what the organization may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import InvalidInput, MemberLimit, UnknownName
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time


def counts(billing: Billing) -> dict[str, str]:
    """What each counter of credits has counted, by member."""
    found = {row["member_id"]: row["used"] for row in rows(billing, "counter") if row["name"] == "credits"}
    return {member: used for member, used in found.items() if used != "0"}


def test_both_limits_must_be_satisfied(billing: Billing) -> None:
    """A member must stop at his own limit, and at the organization's, and either refusal must leave nothing."""
    billing.members.limit("org_1", "limits:credits", 40)
    made = billing.consume("org_1", "credits", 30, member="ada")
    assert (made.usage, made.remaining) == (30, 70)
    own = made.of("credits", member="ada")
    assert (own.usage, own.limit, own.remaining, own.member) == (30, 40, 10, "ada")
    refused = billing.consume("org_1", "credits", 11, member="ada")
    assert (bool(refused), refused.reason, refused.limit, refused.remaining) == (False, "member limit reached", 40, 10)
    assert refused.of("credits").allowed
    for member in ("bob", "eve"):
        assert billing.consume("org_1", "credits", 30, member=member)
    refused = billing.consume("org_1", "credits", 11, member="joe")
    assert (refused.reason, refused.limit) == ("limit reached", 100)
    assert counts(billing) == {"": "90", "ada": "30", "bob": "30", "eve": "30"}


def test_a_limit_of_ones_own_goes_before_that_of_all(billing: Billing) -> None:
    """Who has one must be held to it, whether it is more, less, or no end; the others to that of every member."""
    billing.members.limit("org_1", "credits", 10)
    billing.members.limit("org_1", "credits", 0, member="bob")
    billing.members.limit("org_1", "credits", "unlimited", member="ada")
    assert not billing.consume("org_1", "credits", 11, member="eve")
    assert not billing.consume("org_1", "credits", 1, member="bob")
    assert billing.consume("org_1", "credits", 60, member="ada").of("credits", member="ada").limit is None
    assert billing.consume("org_1", "credits", 20).parts[-1].member is None
    assert billing.members.limits("org_1") == (
        MemberLimit("credits", 10, "month"),
        MemberLimit("credits", "unlimited", "month", "ada"),
        MemberLimit("credits", 0, "month", "bob"),
    )
    billing.members.limit("org_1", "credits", None, member="bob")
    assert billing.consume("org_1", "credits", 10, member="bob")
    billing.members.limit("org_1", "credits", None)
    assert len(billing.consume("org_1", "credits", 5, member="bob").parts) == 1
    assert billing.members.limits("org_1") == (MemberLimit("credits", "unlimited", "month", "ada"),)


def test_other_entities_and_names_have_none(billing: Billing) -> None:
    """A limit must hold for the members of one entity, and for one name."""
    billing.members.limit("org_1", "credits", 1)
    assert billing.consume("org_2", "credits", 5, member="ada")
    assert len(billing.consume("org_1", "images", 3, member="ada").parts) == 1


def test_a_member_has_windows_of_his_own(billing: Billing, clock: Time) -> None:
    """A limit by the day must be there again the next day, while the organization's month goes on."""
    billing.members.limit("org_1", "credits", 5, per="day")
    made = billing.consume("org_1", "credits", 5, member="ada")
    assert made.of("credits", member="ada").resets_at == datetime(2026, 3, 15, tzinfo=UTC)
    assert not billing.consume("org_1", "credits", 1, member="ada")
    clock.pass_(hours=1)
    assert billing.consume("org_1", "credits", 5, member="ada").usage == 10
    billing.members.limit("org_1", "credits", 8, per="month")
    assert billing.consume("org_1", "credits", 3, member="ada")
    assert not billing.consume("org_1", "credits", 1, member="ada")


def test_without_enforcement_a_member_is_counted(billing: Billing) -> None:
    """`enforce=False` must let a member pass his limit, and tell the excess."""
    billing.members.limit("org_1", "credits", 5)
    made = billing.consume("org_1", "credits", 7, member="ada", enforce=False)
    assert (made.reason, made.of("credits", member="ada").overage) == ("included", 2)
    assert made.of("credits", member="ada").reason == "not enforced"


def test_what_is_given_back_is_the_members_again(billing: Billing) -> None:
    """Refunds, releases and commits of less or more must be seen in both counters, and told once."""
    billing.members.limit("org_1", "credits", 40)
    receipt = str(billing.consume("org_1", "credits", 30, member="ada").receipt)
    assert billing.refund(receipt, 10) == {"credits": 10}
    assert counts(billing) == {"": "20", "ada": "20"}
    held = billing.reserve("org_1", "credits", 20, member="ada")
    assert not billing.consume("org_1", "credits", 1, member="ada")
    assert held.release()
    for used in (Decimal("2.5"), 25):
        held = billing.reserve("org_1", "credits", 10, member="ada")
        made = held.commit(used)
        assert [(part.member, part.amount) for part in made.parts] == [(None, used), ("ada", used)]
    assert counts(billing) == {"": "47.5", "ada": "47.5"}
    assert billing.refund(str(held.receipt)) == {"credits": 25}
    assert billing.refund(receipt) == {"credits": 20}
    assert counts(billing) == {"": "2.5", "ada": "2.5"}
    assert {row["member_id"]: row["amount"] for row in rows(billing, "usage_day")} == {"ada": "2.5"}


def test_a_reservation_that_expires_is_the_members_again(billing: Billing, clock: Time) -> None:
    """After its time both counters must have it back; a commit after that counts in both, once."""
    billing.members.limit("org_1", "credits", 40)
    held = billing.reserve("org_1", "credits", 40, member="ada")
    clock.pass_(minutes=10)
    assert billing.consume("org_1", "credits", 5, member="ada")
    assert held.commit(40).of("credits", member="ada").usage == 45
    assert counts(billing) == {"": "45", "ada": "45"}


def test_a_repeated_call_answers_of_the_member_too(billing: Billing) -> None:
    """The stored decision must have the member's part as it was, and count nothing."""
    billing.members.limit("org_1", "credits", 40)
    first = billing.consume("org_1", "credits", 30, member="ada", idempotency_key="k")
    billing.consume("org_1", "credits", 5, member="ada")
    again = billing.consume("org_1", "credits", 30, member="ada", idempotency_key="k")
    assert again == first._replace(replayed=True)
    assert counts(billing)["ada"] == "35"


def test_several_names_with_a_member(billing: Billing) -> None:
    """Where one of the names has a member's limit, all of them must be refused with it."""
    billing.members.limit("org_1", "credits", 5)
    amounts: dict[str, Any] = {"credits": 6, "images": 1}
    assert billing.consume_all("org_1", amounts, member="ada").reason == "member limit reached"
    assert billing.consume_all("org_1", amounts | {"credits": 5}, member="ada")
    assert counts(billing) == {"": "5", "ada": "5"}


def test_one_unit_left_and_many_callers(billing: Billing) -> None:
    """Exactly one of a member's calls must get the last unit of his."""
    billing.members.limit("org_1", "credits", 5)
    billing.consume("org_1", "credits", 4, member="ada")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: billing.consume("org_1", "credits", member="ada"), range(32)))
    assert sum(map(bool, made)) == 1


def test_what_a_member_has_used_can_be_read(billing: Billing) -> None:
    """`consumption(…, member=…)` must tell of his limit, and say where to look if he has none."""
    billing.members.limit("org_1", "credits", 40)
    billing.consume("org_1", "credits", 30, member="ada")
    found = billing.consumption("org_1", "credits", member="ada")
    assert (found.usage, found.limit, found.remaining) == (30, 40, 10)
    assert billing.consumption("org_1", "credits").limit == 100
    with pytest.raises(InvalidInput, match="has no limit of 'images'"):
        billing.consumption("org_1", "images", member="ada")


def test_limits_that_make_no_sense(billing: Billing) -> None:
    """Unknown names, windows and amounts must be refused, and leave nothing."""
    with pytest.raises(UnknownName, match="credits"):
        billing.members.limit("org_1", "credit", 1)
    bad: Any
    for bad in (-1, 1.5, True, "1"):
        with pytest.raises(InvalidInput, match="included must be"):
            billing.members.limit("org_1", "credits", bad)
    with pytest.raises(InvalidInput, match="per must be"):
        billing.members.limit("org_1", "credits", 1, per="year")
    assert billing.members.limits("org_1") == ()
    assert rows(billing, "counter") == []
