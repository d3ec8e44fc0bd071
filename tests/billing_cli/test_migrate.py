"""`billing migrate`: what it shows, asks, refuses, and what its exit codes say."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from billing_cli.command_line import cli
from billing_runtime.migration import report_schema
from tests.billing_cli.migrating import Migrate
from tests.billing_cli.test_terminal import read

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

RUN = ("--run", "--yes")
NOTHING_BILLED = (
    "Nothing is billed or credited by the move itself: whoever has paid for the running period keeps it, and the new "
    "price counts from the next period of each subscription."
)


@pytest.fixture
def migrate(stripe_emulator: EmulatorClient, tmp_path: Path) -> Migrate:
    """The command and its shop."""
    return Migrate.make(stripe_emulator, tmp_path)


def test_a_dry_run_in_full(migrate: Migrate) -> None:
    """Who would move, what it comes to, who stays and why, what is billed; and nothing is changed."""
    shop = migrate.shop
    name = shop.subscribe(3)
    customer = shop.subscription(name)["customer"]
    ended = shop.subscribe()
    shop.client.v1.subscriptions.cancel(ended)
    shop.archive()
    done = migrate("--from", "team.monthly")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Migration, stack shop/dev, account acct_emulator (test mode)",
        f"  from team.monthly ({shop.old}), every month, archived",
        f"  to   team.monthly ({shop.new}), every month",
        "",
        "1 subscription of 1 customer would move",
        "  36.00 USD → 42.00 USD a month (+16.7 %), 3 seats",
        "For example",
        f"  {name}  {customer}  3 ×  36.00 USD → 42.00 USD each period",
        "Staying where they are",
        f"  1: has ended [{ended}]",
        "Billing (--proration none)",
        f"  {NOTHING_BILLED}",
        "Nothing was changed: --run carries it out.",
    ]
    assert shop.lines(name) == {shop.old: 3}
    assert not (migrate.folder / ".billing").exists()


def test_a_migration_and_its_undo(migrate: Migrate) -> None:
    """Run, read what is left, take back: the journal's name is told each time."""
    shop = migrate.shop
    names = [shop.subscribe(3), shop.subscribe(4, trial_period_days=5)]
    shop.archive()
    done = migrate("--from", "team.monthly", "--proration", "always_invoice", *RUN)
    assert (done.returncode, done.stderr) == (0, "")
    journal = re.findall(r"^Journal: (.*)$", done.stdout, re.MULTILINE)[0]
    assert f"2 subscriptions moved, journal {journal}" in done.stdout
    assert f"Back:  billing migrate --undo {journal}" in done.stdout
    assert [shop.lines(name) for name in names] == [{shop.new: 3}, {shop.new: 4}]
    state = migrate.json("--resume", journal)
    assert (state["result"]["moved"], state["result"]["remaining"]) == (2, 0)
    assert "is archived" in migrate.refused("--undo", journal)
    report = migrate.json("--undo", journal, "--reactivate", "--report", "report.json", *RUN)
    Draft202012Validator(report_schema()).validate(report)
    assert json.loads((migrate.folder / "report.json").read_text()) == report
    assert (report["migration"]["undoes"], report["result"]["moved"]) == (state["migration"]["id"], 2)
    assert [shop.lines(name) for name in names] == [{shop.old: 3}, {shop.old: 4}]
    assert Path(report["migration"]["journal"]).parent == migrate.folder / ".billing" / "migrations"


def test_a_failure_ends_with_3_and_is_taken_up_again(migrate: Migrate) -> None:
    """Text and JSON name it, and the way to go on."""
    shop = migrate.shop
    first, second = shop.subscribe(1), shop.subscribe(2)
    body = {"error": {"message": "No, sk_test_shown.", "type": "invalid_request_error", "code": "odd"}}
    for name in (first, second):
        shop.emulator.fail_next(400, path=f"/v1/subscriptions/{name}", method="POST", body=body)
    asked = ("--from", shop.old, "--parallel", "1", "--journal", "j.jsonl", *RUN)
    done = migrate(*asked)
    assert (done.returncode, done.stderr) == (3, "")
    assert re.search(
        rf"^Failed\n  {second}: Stripe refused to move .*: No, \[hidden\] \[req_", done.stdout, re.MULTILINE
    )
    assert "1 subscription not tried yet\nGo on: billing migrate --resume j.jsonl --run\n" in done.stdout
    again = migrate.json("--resume", "j.jsonl", "--keep-going", *RUN, code=3)
    assert (again["result"]["moved"], len(again["result"]["failed"])) == (1, 1)
    assert migrate.json("--resume", "j.jsonl", *RUN)["result"]["moved"] == 2
    assert "there is a file" in migrate.refused(*asked).lower()


def test_nothing_to_do_is_no_journal(migrate: Migrate) -> None:
    """Nobody is on the old price."""
    done = migrate("--from", migrate.shop.old, *RUN)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "0 subscriptions of 0 customers to move")
    assert not (migrate.folder / ".billing").exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ((), "name one of --from OLD, --resume JOURNAL, --undo JOURNAL"),
        (("--from", "a", "--undo", "j"), "name one of --from OLD"),
        (
            ("--resume", "j", "--to", "b", "--proration", "none"),
            "--to does not go with --resume, whose journal says it",
        ),
        (("--resume", "j", "--to", "b", "--proration", "none"), "--proration does not go with --resume"),
        (("--undo", "j", "--limit", "3"), "--limit does not go with --undo"),
        (("--from", "a", "--reactivate"), "--reactivate does not go with --from"),
        (("--from", "a", "--yes", "--live"), "--yes goes with --run; --live goes with --run"),
        (("--from", "a", "--proration", "half"), "'half' is not one of 'none', 'create_prorations', 'always_invoice'"),
        (("--from", "a", "--when", "renewal"), "No such option '--when'"),
    ],
)
def test_options_that_make_no_sense_together(line: tuple[str, ...], says: str) -> None:
    """All of them are named, and it ends with 2 before anything is looked at."""
    done = CliRunner().invoke(cli, ["migrate", *line])
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())


def test_without_a_terminal_it_needs_a_yes(migrate: Migrate) -> None:
    """Before any request is made."""
    assert migrate.refused("--from", "team.monthly", "--run") == (
        "error: migrate --run needs a yes, and there is no terminal to ask at: pass --yes\n"
    )
    assert migrate.shop.emulator.count(path="/v1/account") == 0


def test_real_customers_need_their_own_word(migrate: Migrate) -> None:
    """A live account without a terminal needs --live as well; nothing is sent before."""
    live = migrate.shop.data | {"livemode": True}
    (migrate.folder / "manifest.json").write_text(json.dumps(live), encoding="utf-8")
    key = "sk_live_emulator"
    said = migrate.refused("--from", "team.monthly", *RUN, STRIPE_API_KEY=key, STRIPE_API_BASE=None)
    assert "account acct_emulator is live, and there is no terminal to ask at: pass --live with --run" in said
    assert "A live key is sent to https://api.stripe.com only" in migrate.refused(
        "--from", "team.monthly", "--live", *RUN, STRIPE_API_KEY=key
    )
    assert "is for live mode, the key is a test key" in migrate.refused("--from", "team.monthly")


def test_refusals_are_sentences(migrate: Migrate) -> None:
    """A missing permission, another account, nobody who answers, no such file, a price that is not there."""
    key = "rk_test_emulator_ci"
    migrate.shop.emulator.restrict(key, {"account": "read"})
    asked = ("--from", migrate.shop.old)
    assert "lacks the permission Prices: read" in migrate.refused(*asked, STRIPE_API_KEY=key)
    assert "the key belongs to acct_other" in migrate.refused(*asked, STRIPE_API_KEY="sk_test_other")
    assert "nothing answers at http://127.0.0.1:9" in migrate.refused(*asked, STRIPE_API_BASE="http://127.0.0.1:9")
    assert "The journal none cannot be read" in migrate.refused("--resume", "none")
    assert "--from none is no price key, lookup key or price id" in migrate.refused("--from", "none")


def test_two_at_once_are_refused(migrate: Migrate) -> None:
    """The second one changes nothing while the first one works."""
    shop = migrate.shop
    name = shop.subscribe(3)
    pause = shop.emulator.pause_next(path=f"/v1/subscriptions/{name}", method="POST")
    with migrate.start("--from", shop.old, *RUN) as first:
        pause.wait_until_reached()
        assert "Another migration of account acct_emulator is at work" in _second(migrate)
        pause.release()
        assert first.communicate()[1] == ""
    assert (first.returncode, shop.lines(name), shop.moves_written(name)) == (0, {shop.new: 3}, 1)


def _second(migrate: Migrate) -> str:
    done = migrate("--from", migrate.shop.old, *RUN)
    assert done.returncode == 1
    return done.stderr


def test_at_a_terminal_it_shows_asks_and_draws_a_bar(migrate: Migrate) -> None:
    """A no changes nothing; a yes is carried out, with a bar on standard error."""
    shop = migrate.shop
    name = shop.subscribe(3)
    code, screen = at_a_terminal(migrate, "n")
    assert (code, shop.lines(name)) == (1, {shop.old: 3})
    assert "1 subscription of 1 customer to move" in screen
    assert screen.endswith("Move 1 subscription? [y/N]: nothing was changed\n")
    code, screen = at_a_terminal(migrate, "y")
    assert (code, shop.lines(name)) == (0, {shop.new: 3})
    assert "Subscriptions moved" in screen


def at_a_terminal(migrate: Migrate, answer: str) -> tuple[int, str]:
    """Run where one answer is given; exit code and screen, control codes left out."""
    ours, theirs = pty.openpty()
    environ = migrate.environ(TERM="xterm-256color", COLUMNS="200")
    line = migrate.line("--from", migrate.shop.old, "--run")
    with subprocess.Popen(line, cwd=migrate.folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        with closing(os.fdopen(ours, "rb", buffering=0)) as screen:
            seen = b"".join(iter(lambda: read(screen.fileno()), b"")).decode()
    return run.returncode, re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", seen).replace("\r\n", "\n")


def test_on_a_provisioned_stack(provisioned: Project) -> None:
    """Key, account and manifest are those of the stack; a price change leaves a successor to go to."""
    done = provisioned.billing("migrate", "--from", "team.monthly", "--stack", "local", "--engine", "local")
    assert (done.returncode, "Old and new price are the same" in done.stderr) == (1, True)
    provisioned.set(billing__overrides={"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}})
    provisioned.ok("up")
    done = provisioned.billing("migrate", "--from", "team.monthly", "--stack", "local", "--engine", "local")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"from team\.monthly \(price_\w+\), every month, archived\n  to   team\.monthly", done.stdout)
    assert done.stdout.endswith("Nothing to do.\n")
