"""`billing migrate`, killed for real: before a request, after Stripe carried it out, after the answer, by Ctrl-C."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.billing_cli.migrating import Migrate

if TYPE_CHECKING:
    from pathlib import Path

    from stripe_emulator.client import EmulatorClient

JOURNAL = ("--journal", "j.jsonl", "--parallel", "1", "--proration", "create_prorations", "--run", "--yes")
RESUME = ("--resume", "j.jsonl", "--run", "--yes")


@pytest.fixture
def migrate(stripe_emulator: EmulatorClient, tmp_path: Path) -> Migrate:
    """The command and its shop."""
    return Migrate.make(stripe_emulator, tmp_path)


def killed(migrate: Migrate, pause: Any, *line: str, by: signal.Signals = signal.SIGKILL) -> tuple[int, str]:
    """Start the command and end it where it is held; its exit code and what it said."""
    with migrate.start(*line) as process:
        pause.wait_until_reached()
        process.send_signal(by)
        if by is signal.SIGINT:
            pause.release()
        _, said = process.communicate()
    pause.release()
    migrate.shop.emulator.clear_faults()
    return process.returncode, said


@pytest.mark.parametrize(
    ("when", "method", "skip"),
    [
        ("before", "POST", 0),  # announced in the journal, not carried out
        ("after", "POST", 0),  # carried out, no answer heard
        ("before", "GET", 1),  # answered and noted; the next one is about to be looked at
        ("after", "POST", 1),  # the second one, carried out
    ],
)
def test_a_killed_run_goes_on(migrate: Migrate, when: str, method: str, skip: int) -> None:
    """Each subscription is moved exactly once, with its quantity."""
    shop = migrate.shop
    names = [shop.subscribe(quantity) for quantity in (3, 4, 5)]
    pause = shop.emulator.pause_next(when, path="/v1/subscriptions/sub_*", method=method, skip=skip)
    code, _ = killed(migrate, pause, "--from", shop.old, *JOURNAL)
    assert code == -signal.SIGKILL
    result = migrate.json(*RESUME)["result"]
    assert (result["moved"], result["failed"], result["remaining"]) == (3, [], 0)
    assert [shop.lines(name) for name in names] == [{shop.new: 3}, {shop.new: 4}, {shop.new: 5}]
    assert [shop.moves_written(name) for name in names] == [1, 1, 1]


def test_a_run_killed_while_it_plans_has_changed_nothing(migrate: Migrate) -> None:
    """There is no journal yet, and it is simply begun again."""
    shop = migrate.shop
    name = shop.subscribe(3)
    pause = shop.emulator.pause_next("before", path="/v1/subscriptions", method="GET")
    killed(migrate, pause, "--from", shop.old, *JOURNAL)
    assert (shop.lines(name), list(migrate.folder.glob("*.jsonl"))) == ({shop.old: 3}, [])
    assert migrate.json("--from", shop.old, *JOURNAL)["result"]["moved"] == 1


def test_a_killed_undo_leaves_the_old_price_archived_in_the_end(migrate: Migrate) -> None:
    """It was active while the undo worked; the run that takes it up archives it."""
    shop = migrate.shop
    names = [shop.subscribe(quantity) for quantity in (3, 4)]
    shop.archive()
    migrate.json("--from", shop.old, *JOURNAL)
    pause = shop.emulator.pause_next("after", path="/v1/subscriptions/sub_*", method="POST")
    undo = ("--undo", "j.jsonl", "--reactivate", "--journal", "u.jsonl", "--parallel", "1", "--run", "--yes")
    killed(migrate, pause, *undo)
    assert shop.client.v1.prices.retrieve(shop.old).active is True
    assert migrate.json("--resume", "u.jsonl", "--run", "--yes")["result"]["moved"] == 2
    assert shop.client.v1.prices.retrieve(shop.old).active is False
    assert [shop.lines(name) for name in names] == [{shop.old: 3}, {shop.old: 4}]
    assert [shop.moves_written(name) for name in names] == [2, 2]


def test_ctrl_c_says_how_to_go_on(migrate: Migrate) -> None:
    """It ends with 130, without a traceback, and nothing is lost."""
    shop = migrate.shop
    names = [shop.subscribe(quantity) for quantity in (3, 4)]
    pause = shop.emulator.pause_next("before", path="/v1/subscriptions/sub_*", method="POST")
    code, said = killed(migrate, pause, "--from", shop.old, *JOURNAL, by=signal.SIGINT)
    assert (code, said) == (130, "interrupted: go on with `billing migrate --resume j.jsonl --run`\n")
    assert re.search(r'"type":"started"', (migrate.folder / "j.jsonl").read_text())
    assert migrate.json(*RESUME)["result"]["moved"] == 2
    assert [shop.moves_written(name) for name in names] == [1, 1]
