"""The journal: a public format, on disk line by line, read back after any crash."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from billing_runtime import JournalInvalid, MigrationLocked
from billing_runtime.migration import Pacing, Policy, journal_schema
from billing_runtime.migration.journal import JournalFile, Lock
from billing_runtime.migration.record import read_record
from tests.billing_runtime.migration.conftest import Shop

GOLDEN = Path(__file__).with_name("journal.jsonl")


def head(**changes: Any) -> dict[str, Any]:
    """The first line of a journal."""
    line: dict[str, Any] = json.loads(GOLDEN.read_text().splitlines()[0])
    return line | changes


def written(path: Path, *lines: dict[str, Any] | str) -> Path:
    """A journal of these lines."""
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines))
    return path


READY = {"type": "ready", "planned": 0, "skipped": 0, "beyond_limit": 0, "at": 1}


def test_the_schema_is_one_and_the_golden_journal_follows_it() -> None:
    """Every line of every type; the schema itself is sound."""
    schema = journal_schema()
    Draft202012Validator.check_schema(schema)
    lines = [json.loads(line) for line in GOLDEN.read_text().splitlines()]
    for line in lines:
        Draft202012Validator(schema).validate(line)
    kinds = {alternative["$ref"].rpartition("/")[2] for alternative in schema["oneOf"]}
    assert {line["type"] for line in lines} == kinds


def test_the_golden_journal_is_read_as_ever() -> None:
    """What the first release wrote stays readable: who was planned, tried, moved, failed, skipped."""
    record = read_record(GOLDEN)
    assert (record.id, record.head["kind"], record.policy.proration) == ("mig_00000000000000a1", "move", "none")
    assert list(record.planned) == ["sub_moved", "sub_lost", "sub_refused", "sub_stays", "sub_untried"]
    assert [skip.subscription for skip in record.unplanned] == ["sub_skipped"]
    assert record.moved["sub_moved"].after.quantity == 3
    assert [move.subscription for move in record.todo] == ["sub_lost", "sub_refused", "sub_untried"]
    assert record.attempts["sub_lost"].unknown
    assert (record.attempts["sub_refused"].unknown, record.failed["sub_refused"].code) == (False, "card_declined")
    assert record.skipped["sub_stays"].reason == "schedule"
    assert not record.activated


def test_a_run_writes_what_the_golden_journal_shows(shop: Shop) -> None:
    """Line by line and key by key, with the ids and moments of this run."""
    name = shop.subscribe(3)
    shop.client.v1.subscriptions.cancel(shop.subscribe(2))
    migrations = shop.migrations()
    migrations.run(migrations.plan(shop.old, None, Policy()), shop.journal, Pacing(at_once=1))
    lines = [json.loads(line) for line in shop.journal.read_text().splitlines()]
    golden = {line["type"]: line for line in map(json.loads, GOLDEN.read_text().splitlines())}
    assert [line["type"] for line in lines] == ["migration", "planned", "skipped", "ready", "started", "moved"]
    assert all(list(line) == [one for one in golden[line["type"]] if one in line] for line in lines)
    assert lines[4]["subscription"] == name


def test_the_journal_holds_ids_only(shop: Shop) -> None:
    """No key, no name, no address, and nobody else may read it."""
    asked: Any = {"email": "ada@example.com", "name": "Ada Lovelace"}
    name = shop.subscribe(3)
    shop.client.v1.customers.update(shop.subscription(name)["customer"], asked)
    shop.emulator.fail_next(402, path=f"/v1/subscriptions/{name}", method="POST", body={"error": {"message": "ada@x"}})
    migrations = shop.migrations()
    migrations.run(migrations.plan(shop.old, None, Policy()), shop.journal)
    text = shop.journal.read_text()
    assert not [word for word in ("ada@", "Lovelace", "sk_test", '"Team"') if word in text]
    assert stat.S_IMODE(shop.journal.stat().st_mode) == 0o600


def test_a_line_that_a_crash_cut_short_never_counted(tmp_path: Path) -> None:
    """It is left out when read, and gone when the journal is continued."""
    path = written(tmp_path / "j", head(), READY)
    whole = path.read_bytes()
    for cut in (b"{", b'{"type":"moved","subscription":"sub_1"', b"\xff"):
        path.write_bytes(whole + cut)
        assert read_record(path).ready == READY
        JournalFile.reopen(path).close()
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "line 1 is not the beginning of a migration"),
        ([READY], "line 1 is not the beginning of a migration"),
        (["{}"], "line 1 is of no type that this version knows"),
        ([head(), "nonsense"], "line 2 is no JSON"),
        ([head(), {"type": "ready"}], "line 2 is not as the format has it"),
        ([head(account="x")], r"line 1 is not as the format has it \(account: pattern\)"),
        ([head(version=2)], "has version 2, this package reads up to 1: upgrade it"),
        ([head()], "ends before its plan was complete, so nothing was changed: start anew"),
    ],
)
def test_a_broken_journal_is_refused(tmp_path: Path, lines: list[dict[str, Any] | str], says: str) -> None:
    """With the file, the line and what is wrong; never with its content."""
    with pytest.raises(JournalInvalid, match=says):
        read_record(written(tmp_path / "j", *lines))


def test_fields_of_a_later_version_are_carried_along_unread(tmp_path: Path) -> None:
    """A newer minor version adds fields; this one still goes on with the journal."""
    policy = head()["policy"] | {"gently": True}
    record = read_record(written(tmp_path / "j", head(policy=policy, mood="good"), READY | {"more": 1}))
    assert record.policy == Policy(exclude=("cus_other",))


def test_a_journal_is_never_written_over(tmp_path: Path) -> None:
    """Nor read where there is none, nor written where none can be."""
    path = written(tmp_path / "j", head())
    with pytest.raises(JournalInvalid, match=r"There is a file .*: a journal is never written over"):
        JournalFile.create(path)
    with pytest.raises(JournalInvalid, match="cannot be read"):
        read_record(tmp_path / "none")
    with pytest.raises(JournalInvalid, match="cannot be written"):
        JournalFile.create(path / "below")


def test_two_migrations_at_once_are_refused(tmp_path: Path) -> None:
    """Of one account in one mode; others do not meet, and a lock that was given up is free."""
    with Lock(tmp_path, "acct_1", livemode=False):
        with pytest.raises(MigrationLocked, match="Another migration of account acct_1 is at work"):
            Lock(tmp_path, "acct_1", livemode=False).__enter__()
        with Lock(tmp_path, "acct_1", livemode=True), Lock(tmp_path, "acct_2", livemode=False):
            pass
    with Lock(tmp_path, "acct_1", livemode=False):
        pass
