"""`billing.credits`: granting once, the order of use, the end of credits, revoking."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import CreditConflict, InvalidInput, UnknownGrant, UnknownName
from billing_runtime.limits.counting import Counter
from billing_runtime.limits.deciding import Grant, split
from tests.billing_runtime.credits.conftest import kinds, left

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.credits.conftest import Time

NOW = datetime(2026, 3, 14, 23, 0, tzinfo=UTC)


def test_a_source_grants_once(billing: Billing) -> None:
    """The same source must be answered with the same grant, other units or times must be refused."""
    made = billing.credits.grant("org_1", "limits:credits", 50, source="welcome", expires_at=NOW + timedelta(days=1))
    assert billing.credits.grant("org_1", "credits", 50, source="welcome", expires_at=NOW + timedelta(days=1)) == made
    assert (made.units, made.left, made.starts_at, made.priority) == (50, 50, NOW, 50)
    for other in ({"units": 51}, {"priority": 1}, {"expires_at": None}, {"starts_at": NOW}):
        asked: dict[str, Any] = {"units": 50, "expires_at": NOW + timedelta(days=1), **other}
        with pytest.raises(CreditConflict, match="for the source 'welcome'"):
            billing.credits.grant("org_1", "credits", asked.pop("units"), source="welcome", **asked)
    assert billing.credits.grant("org_2", "credits", 51, source="welcome").units == 51
    assert billing.credits.balance("org_1", "credits").available == 50


def test_many_at_once_grant_once(billing: Billing) -> None:
    """However many ask for one source at once, there must be one grant and one entry."""
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: billing.credits.grant("org_1", "credits", 5, source="s").id, range(32)))
    assert len(made) == 1
    assert [entry.kind for entry in billing.credits.entries("org_1")] == ["granted"]


def test_credits_are_used_after_the_plans_own(billing: Billing) -> None:
    """What the plan includes is shorter lived than any credits: it must be used first, and credits show as left."""
    grant = billing.credits.grant("org_1", "credits", 50, source="s")
    assert billing.consume("org_1", "credits", 80).remaining == 70
    made = billing.consume("org_1", "credits", 60)
    assert (made.allowed, made.remaining, made.overage, left(billing)) == (True, 10, 0, {"s": 10})
    assert not billing.consume("org_1", "credits", 11)
    assert kinds(billing, grant) == [("granted", 50), ("used", -40)]
    assert billing.credits.entries("org_1")[0].receipt == made.receipt


@pytest.mark.parametrize("made", list(permutations(["late", "soon", "first", "never"])))
def test_the_order_of_use(billing: Billing, clock: Time, made: tuple[str, ...]) -> None:
    """Credits of the smaller priority must be used first, of those what expires sooner; whatever came first."""
    facts: dict[str, Any] = {
        "first": {"priority": 0},
        "soon": {"expires_at": NOW + timedelta(days=2)},
        "late": {"expires_at": NOW + timedelta(days=20)},
        "never": {},
    }
    for source in made:
        billing.credits.grant("org_1", "denied", 10, source=source, **facts[source])
        clock.pass_(seconds=1)
    assert list(left(billing, "denied")) == ["first", "soon", "late", "never"]
    billing.consume("org_1", "denied", 25)
    assert left(billing, "denied") == {"late": 5, "never": 10}


def test_of_equal_ones_the_oldest_is_used_first(billing: Billing, clock: Time) -> None:
    """Credits that differ in nothing else must be used in the order in which they came."""
    for source in ("b", "a", "c"):
        billing.credits.grant("org_1", "denied", 10, source=source)
        clock.pass_(seconds=1)
    billing.consume("org_1", "denied", 15)
    assert left(billing, "denied") == {"a": 5, "c": 10}


def test_credits_begin_and_end(billing: Billing, clock: Time) -> None:
    """Before its time a grant must be pending, after it gone, with an entry, whoever looks first."""
    later = NOW + timedelta(days=1)
    grant = billing.credits.grant(
        "org_1", "denied", 10, source="s", starts_at=later, expires_at=later + timedelta(days=1)
    )
    balance = billing.credits.balance("org_1", "denied")
    assert (balance.available, balance.pending, balance.expired) == (0, 10, 0)
    assert not billing.consume("org_1", "denied")
    clock.pass_(days=1)
    assert billing.consume("org_1", "denied", 4).remaining == 6
    clock.pass_(days=1)
    balance = billing.credits.balance("org_1", "denied")
    assert (balance.available, balance.expired, balance.grants) == (0, 6, ())
    assert kinds(billing, grant) == [("granted", 10), ("used", -4)]
    assert not billing.consume("org_1", "denied")
    assert kinds(billing, grant)[2:] == [("expired", -6)]
    assert billing.credits.balance("org_1", "denied") == balance


def test_a_worker_books_out_what_has_expired(billing: Billing, clock: Time) -> None:
    """Without anybody touching them, credits must get the entry of their end from a worker, once."""
    for entity in ("org_1", "org_2"):
        billing.credits.grant(entity, "denied", 10, source="s", expires_at=NOW + timedelta(minutes=1))
    clock.pass_(minutes=1)
    assert billing.credits.expire() == 2
    assert billing.credits.expire() == 0
    assert [entry.kind for entry in billing.credits.entries("org_2")] == ["expired", "granted"]
    clock.pass_(hours=1)
    billing.worker().once()
    assert len(billing.credits.entries("org_1")) == 2


def test_what_comes_back_after_the_end_is_lost(billing: Billing, clock: Time) -> None:
    """A refund to credits that have expired meanwhile must be seen, and must not bring them back."""
    grant = billing.credits.grant("org_1", "denied", 10, source="s", expires_at=NOW + timedelta(minutes=1))
    receipt = str(billing.consume("org_1", "denied", 10).receipt)
    clock.pass_(minutes=2)
    assert billing.refund(receipt) == {"denied": 10}
    assert kinds(billing, grant)[2:] == [("refunded", 10), ("expired", -10)]
    assert billing.credits.balance("org_1", "denied").expired == 10


def test_reservations_give_back(billing: Billing, clock: Time) -> None:
    """What a reservation holds of credits must come back by its release, and by its expiry, each under its own name."""
    grant = billing.credits.grant("org_1", "denied", 10, source="s")
    assert billing.reserve("org_1", "denied", 4).release()
    held = billing.reserve("org_1", "denied", 10)
    assert billing.credits.balance("org_1", "denied").available == 0
    held.commit(7)
    billing.reserve("org_1", "denied", 3, expires_in=timedelta(minutes=1))
    clock.pass_(minutes=1)
    assert billing.consume("org_1", "denied", 2)
    expected = [
        ("used", -4),
        ("released", 4),
        ("used", -10),
        ("released", 3),
        ("used", -3),
        ("lapsed", 3),
        ("used", -2),
    ]
    assert kinds(billing, grant)[1:] == expected


def test_revoking_takes_what_is_left(billing: Billing) -> None:
    """What was used must stay used, what is left and what comes back later be taken; repeated, nothing more."""
    grant = billing.credits.grant("org_1", "denied", 10, source="s")
    receipt = str(billing.consume("org_1", "denied", 4).receipt)
    revoked = billing.credits.revoke("org_1", "denied", source="s")
    assert (revoked.left, revoked.taken_back, revoked.revoked) == (0, 6, True)
    assert billing.credits.revoke("org_1", "denied", source="s") == revoked
    assert billing.credits.revoke("org_1", "denied", grant_id=grant.id) == revoked
    assert billing.credits.grant("org_1", "denied", 10, source="s") == revoked
    billing.refund(receipt, 3)
    assert kinds(billing, grant)[2:] == [("revoked", -6), ("refunded", 3), ("revoked", -3)]
    assert not billing.consume("org_1", "denied")


def test_what_is_not_there_cannot_be_revoked(billing: Billing) -> None:
    """Unknown sources and ids, and those of others, must be refused and name what was asked for."""
    grant = billing.credits.grant("org_1", "denied", 10, source="s")
    wrong: list[tuple[str, str, Any]] = [
        ("org_1", "denied", {"source": "t"}),
        ("org_1", "credits", {"grant_id": grant.id}),
        ("org_2", "denied", {"grant_id": grant.id}),
        ("org_1", "denied", {"grant_id": "cgr_0"}),
    ]
    for entity, name, which in wrong:
        with pytest.raises(UnknownGrant, match=f"Entity '{entity}' has no credits of '{name}'"):
            billing.credits.revoke(entity, name, **which)
    for which in ({}, {"source": "s", "grant_id": grant.id}):
        with pytest.raises(InvalidInput):
            billing.credits.revoke("org_1", "denied", **which)
    assert left(billing, "denied") == {"s": 10}


@pytest.mark.parametrize(
    ("units", "facts"),
    [
        (0, {}),
        (-1, {}),
        (1.5, {}),
        (True, {}),
        (1, {"priority": 101}),
        (1, {"priority": -1}),
        (1, {"priority": True}),
        (1, {"source": ""}),
        (1, {"source": "x" * 256}),
        (1, {"expires_at": NOW}),
        (1, {"expires_at": NOW + timedelta(days=1), "starts_at": NOW + timedelta(days=1)}),
        (1, {"starts_at": datetime(2026, 4, 1)}),  # noqa: DTZ001 - that is what is refused
    ],
)
def test_what_cannot_be_granted(billing: Billing, units: Any, facts: dict[str, Any]) -> None:
    """Amounts, priorities, sources and times that cannot be meant must be refused, and grant nothing."""
    asked: dict[str, Any] = {"source": "s", **facts}
    with pytest.raises(InvalidInput):
        billing.credits.grant("org_1", "credits", units, **asked)
    assert billing.credits.entries("org_1") == ()


def test_names_and_parts(billing: Billing) -> None:
    """A name that no plan has must be refused; parts of a unit count, but not where a meter counts."""
    with pytest.raises(UnknownName, match="did you mean 'credits'"):
        billing.credits.grant("org_1", "credit", 1, source="s")
    with pytest.raises(InvalidInput, match="counts whole units"):
        billing.credits.grant("org_1", "tokens", Decimal("0.5"), source="s")
    billing.credits.grant("org_1", "denied", Decimal("1.50"), source="s")
    assert billing.consume("org_1", "denied", Decimal("1.25")).remaining == Decimal("0.25")
    assert billing.consume("org_1", "denied", Decimal("0.25")).remaining == 0
    assert billing.credits.balance("org_1", "denied").grants == ()
    context = billing._context
    with context.store.reading(context.scope) as reading:
        assert reading.all("open_grants", entity_id="org_1", name="denied") == []


def test_a_meter_is_told_of_whole_units() -> None:
    """Where a meter counts the rest, parts of a unit that credits still have must stay unused."""
    grants = [Grant("g", Decimal("2.5"), 50, None, 0)]
    found = split(Counter(granted=0), grants, 3, whole=True)
    assert (found.grants, found.over) == ([("g", 2)], 1)
    assert split(Counter(granted=0), grants, 3).over == Decimal("0.5")


def test_what_credits_pay_is_not_reported(billing: Billing) -> None:
    """Units that credits paid must not be billed again by a meter; the rest must."""
    billing.credits.grant("org_1", "tokens", 300, source="s")
    made = billing.consume("org_1", "tokens", 1500)
    assert (made.overage, made.remaining) == (200, 0)
    context = billing._context
    with context.store.reading(context.scope) as reading:
        assert [row["amount"] for row in reading.all("export_outbox", entity_id="org_1")] == ["1200"]


def test_entries_come_in_pages(billing: Billing) -> None:
    """Every entry must be on one page, newest first, of one name or grant if asked for."""
    billing.credits.grant("org_1", "denied", 10, source="s")
    other = billing.credits.grant("org_1", "credits", 10, source="s")
    for _ in range(5):
        billing.consume("org_1", "denied")
    pages, before = [], None
    while page := billing.credits.entries("org_1", "limits:denied", limit=4, before=before):
        pages.append([entry.kind for entry in page])
        before = page[-1].id
    assert pages == [["used"] * 4, ["used", "granted"]]
    (entry,) = billing.credits.entries("org_1", grant_id=other.id)
    assert (entry.kind, entry.units, entry.name, entry.source, entry.at) == ("granted", 10, "credits", "s", NOW)
    assert billing.credits.entries("org_2") == ()
    for limit in (0, 1001, True):
        with pytest.raises(InvalidInput):
            billing.credits.entries("org_1", limit=limit)


def test_every_name_has_its_balance(billing: Billing) -> None:
    """All that an entity ever had credits of must be told, and nothing of others."""
    billing.credits.grant("org_1", "denied", 10, source="s")
    billing.credits.grant("org_1", "credits", 20, source="s")
    billing.credits.grant("org_2", "tokens", 30, source="s")
    assert [(one.name, one.available) for one in billing.credits.balances("org_1")] == [("credits", 20), ("denied", 10)]
    assert billing.credits.balances("org_3") == ()


def test_without_blocking(billing: Billing) -> None:
    """The same calls must be there as awaitables."""

    async def use() -> int:
        await billing.aio.credits.grant("org_1", "denied", 10, source="s")
        return int((await billing.aio.credits.balance("org_1", "denied")).available)

    assert asyncio.run(use()) == 10
