"""The store is away: calls are refused, or allowed and written down, and counted exactly once when it is back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import FailureSettings, InvalidInput, StoreError
from tests import postgresql
from tests.billing_runtime.consuming.owing import owe, settle_and_die
from tests.billing_runtime.consuming.using import started

if TYPE_CHECKING:
    from billing_runtime import Billing

Json = dict[str, Any]
Open = Callable[..., "Billing"]
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Where debts are written down."""
    return tmp_path / "owed" / "debts.jsonl"


@pytest.fixture
def reopened(open_billing: Open, limited: Json, any_store_url: str, clock: Any, journal: Path) -> Open:
    """Open a Billing with that journal."""
    usual: Json = {"manifest": limited, "store": any_store_url, "clock": clock, "api_base": NOWHERE}
    return lambda **more: open_billing(**(usual | {"failure": FailureSettings("open", journal)} | more))


@pytest.fixture
def billing(reopened: Open) -> Billing:
    """One that is open."""
    return reopened()


@contextmanager
def away(billing: Billing, when: str = "before") -> Iterator[None]:
    """The store takes nothing, or takes it and cannot say so."""
    with pytest.MonkeyPatch.context() as broken:
        kept = billing._ledger._writer.transaction

        @contextmanager
        def transaction(scope: Any) -> Iterator[Any]:
            if when == "before":
                raise StoreError("The store is away.")
            with kept(scope) as inside:
                yield inside
            raise StoreError("The store is away.")

        broken.setattr(billing._ledger._writer, "transaction", transaction)
        yield


def usage(billing: Billing, name: str = "credits") -> Any:
    """What counts."""
    return billing.consumption("org_1", name).usage


def test_closed_unless_it_is_said_otherwise(reopened: Open, journal: Path) -> None:
    """A call must be refused where the store is away, and nothing be written down."""
    billing = reopened(failure=None)
    assert FailureSettings().on_failure == "closed"
    closed = reopened(failure=FailureSettings(journal=journal))
    for one in (billing, closed):
        with away(one), pytest.raises(StoreError, match="away"):
            one.consume("org_1", "credits", 5)
    with away(closed), pytest.raises(StoreError):
        closed.consume("org_1", "credits", 5, enforce=False, on_failure="closed")
    assert not journal.exists()


def test_open_by_the_call(reopened: Open, journal: Path) -> None:
    """A call may be open where the setting is closed, and the other way round."""
    closed = reopened(failure=FailureSettings(journal=journal))
    with away(closed):
        assert closed.consume("org_1", "credits", 5, on_failure="open")
    opened = reopened()
    with away(opened), pytest.raises(StoreError):
        opened.consume("org_1", "credits", 5, on_failure="closed")
    for bad in ("ajar", ""):
        with pytest.raises(InvalidInput, match='on_failure must be "open" or "closed"'):
            closed.consume("org_1", "credits", 5, on_failure=bad)  # type: ignore[arg-type]


def test_a_refusal_stays_one(billing: Billing, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store has refused is not allowed because the store is away when lent units are asked back."""

    class Lent:
        """Units that cannot be had back."""

        def recall(self, *_: object) -> bool:
            """Nobody can say."""
            raise StoreError("The store is away.")

    monkeypatch.setattr(billing, "_leasing", Lent())
    with pytest.raises(StoreError, match="away"):
        billing.consume("org_1", "credits", 500, member="ada")
    assert (usage(billing), journal.exists()) == (0, False)
    monkeypatch.undo()


def test_what_is_answered(billing: Billing, journal: Path) -> None:
    """It is allowed, says why, and is not told as if it had been counted; the file is its owner's alone."""
    with away(billing):
        decision = billing.consume("org_1", "credits", 500, member="ada", action="chat")
    assert decision
    assert (decision.reason, decision.receipt, decision.limit, decision.remaining) == ("store unavailable",) + (
        None,
    ) * 3
    assert decision.of("credits").amount == 500
    assert usage(billing) == 0
    assert journal.stat().st_mode & 0o777 == 0o600
    (line,) = journal.read_text().splitlines()
    owed = json.loads(line)["owed"]
    assert (owed["entity_id"], owed["amount"], owed["member"], owed["action"]) == ("org_1", "500", "ada", "chat")


@pytest.mark.parametrize("how", ["call", "worker", "open"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_counted_once_when_it_is_back(billing: Billing, reopened: Open, journal: Path, how: str, when: str) -> None:
    """By the next call, a worker, or at the next opening: beyond the limit too, and not if it had counted after all."""
    with away(billing, when):
        for number in range(3):
            assert billing.consume("org_1", "credits", 40, idempotency_key=f"key-{number}", member="ada")
            assert billing.consume("org_1", "credits", 40)
    if how == "call":
        billing.consume("org_2", "credits", 1)
    elif how == "worker":
        billing._report()
    else:
        billing = reopened()
    assert usage(billing) == 240
    by_member = {row.member: row.amount for row in billing.history("org_1", "credits", by="member")}
    assert by_member == {None: 120, "ada": 120}
    assert journal.read_bytes() == b""
    assert billing.consume("org_1", "credits", 40, idempotency_key="key-0", member="ada").replayed
    reopened()._report()
    assert usage(billing) == 240


def test_killed_between_counting_and_writing_it_down(
    billing: Billing, reopened: Open, limited: Json, any_store_url: str, clock: Any, journal: Path
) -> None:
    """Whoever is killed when a debt is counted and not yet noted as such: the next one must not count it again."""
    with away(billing):
        billing.consume("org_1", "tokens", 7)
        billing.consume("org_1", "tokens", 8)
    settings = {"manifest": limited, "store": any_store_url, "api_base": NOWHERE, "now": clock.now.isoformat()}
    process, _ = started(settle_and_die, settings, str(journal))
    process.join()
    assert process.exitcode == -9
    assert (usage(billing, "tokens"), journal.stat().st_size > 0) == (15, True)
    again = reopened()
    assert (usage(again, "tokens"), journal.read_bytes()) == (15, b"")


def test_a_torn_line(billing: Billing, reopened: Open, journal: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was torn by a kill was answered to nobody: it is left out, and what comes after it is not."""
    with away(billing):
        billing.consume("org_1", "tokens", 7)
        whole = journal.read_bytes()
        journal.write_bytes(whole + whole[:-20])
        billing.consume("org_1", "tokens", 8)
    assert usage(reopened(), "tokens") == 15
    assert "is torn" in caplog.text
    assert journal.read_bytes() == b""


def test_a_torn_note(billing: Billing, reopened: Open, journal: Path) -> None:
    """A note that was torn, that something is counted, must not make it count again."""
    with away(billing):
        billing.consume("org_1", "tokens", 7)
    whole = journal.read_bytes()
    assert usage(reopened(), "tokens") == 7
    journal.write_bytes(whole + b'{"version":1,"settl')
    assert usage(reopened(), "tokens") == 7


def test_no_place_for_the_journal(reopened: Open, tmp_path: Path) -> None:
    """What can be neither counted nor written down is refused."""
    (tmp_path / "file").write_text("")
    billing = reopened(failure=FailureSettings("open", tmp_path / "file" / "debts.jsonl"))
    with (
        away(billing),
        pytest.raises(StoreError, match=r"away.* And the use cannot be written down in .*: File exists"),
    ):
        billing.consume("org_1", "credits", 5)


def test_debts_of_another_account(billing: Billing, reopened: Open, limited: Json, journal: Path) -> None:
    """A journal that stacks share: each counts its own."""
    with away(billing):
        billing.consume("org_1", "tokens", 7)
    other = reopened(manifest=limited | {"account": "acct_other"})
    other._report()
    assert usage(other, "tokens") == 0
    billing._report()
    assert (usage(billing, "tokens"), journal.read_bytes()) == (7, b"")


def test_the_doctor_knows(billing: Billing) -> None:
    """What is owed must be a fault until it is counted."""
    with away(billing):
        billing.consume("org_1", "tokens", 7)
    (found,) = [one for one in billing.doctor() if one.check == "debts"]
    assert (found.state, found.said[:37]) == ("fault", "1 uses that were allowed while the st")
    billing._report()
    assert not [one for one in billing.doctor() if one.check == "debts"]


def test_a_debt_that_cannot_be_counted(billing: Billing, journal: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A name that no plan has any more keeps nobody else's debt from being counted, and stays known."""
    with away(billing):
        billing.consume("org_1", "long gone", 1)
        billing.consume("org_1", "tokens", 7)
    billing.consume("org_1", "tokens", 1)
    assert usage(billing, "tokens") == 8
    assert "cannot be counted" in caplog.text
    assert b"long gone" in journal.read_bytes()
    assert [one.check for one in billing.doctor() if one.check == "debts"] == ["debts"]


@pytest.mark.postgresql
def test_a_server_that_is_away(open_billing: Open, limited: Json, clock: Any, journal: Path) -> None:
    """Several processes with one journal go on while PostgreSQL is stopped; when it is back each use counts once."""
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgresql.server() as server:
        settings = {"manifest": limited, "store": server.database(), "api_base": NOWHERE}
        now = {"now": clock.now.isoformat()}
        running = [started(owe, settings | now, str(journal), number, 40) for number in range(2)]
        assert [pipe.recv() for _, pipe in running] == ["open", "open"]
        server.stop("immediate")
        for _, pipe in running:
            pipe.send("use")
        for _, pipe in running:
            assert pipe.recv() == [(True, "store unavailable", None)] * 40
        server.start()
        for _, pipe in running:
            pipe.send("once more")
        assert [pipe.recv() == "store unavailable" for _, pipe in running] == [False, False]
        for process, _ in running:
            process.join()
        billing = open_billing(**settings, clock=clock, failure=FailureSettings(journal=journal))
        assert usage(billing, "tokens") == 82
        assert journal.read_bytes() == b""
        billing.close()
