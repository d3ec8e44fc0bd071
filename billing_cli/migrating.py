"""The way of `billing migrate`: settle what is meant, plan, show, ask, carry out, report."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from billing_cli.errors import OperationFailed, UsageRefused
from billing_cli.migration_stack import Stack
from billing_cli.view.migration import count, lines_of_plan, lines_of_result
from billing_cli.view.migration_progress import watching

if TYPE_CHECKING:
    from billing_runtime.migration import Migrations, Pacing, Plan, Policy, Report

Options = dict[str, Any]
INCOMPLETE, INTERRUPTED = 3, 130
_MODES = ("source", "resume", "undo")
_OF_A_PLAN = {
    "target": "--to",
    "only": "--only",
    "exclude": "--exclude",
    "limit": "--limit",
    "past_due": "--past-due",
    "cancel_at_period_end": "--cancel-at-period-end",
    "raise_to_minimum": "--raise-to-minimum",
}
_OF_A_POLICY = {"proration": "--proration", "allow_interval_change": "--allow-interval-change"}


def carry_out(options: Options) -> int:
    """Do what was asked for; answers the exit code."""
    from billing_runtime import BillingError

    _require_sense(options)
    try:
        return _Migrating(options).go()
    except BillingError as error:
        raise OperationFailed(str(error)) from None


def _require_sense(options: Options) -> None:
    problems = list(_nonsense(options))
    if problems:
        raise click.UsageError("; ".join(problems))


def _nonsense(options: Options) -> Iterator[str]:
    modes = [name for name in _MODES if options[name]]
    if len(modes) != 1:
        yield "name one of --from OLD, --resume JOURNAL, --undo JOURNAL"
        return
    alien = {} if modes == ["source"] else dict(_OF_A_PLAN)
    if modes != ["undo"]:
        alien["reactivate"] = "--reactivate"
    if modes == ["resume"]:
        alien |= _OF_A_POLICY | {"journal": "--journal"}
    what = {"source": "--from", "resume": "--resume, whose journal says it", "undo": "--undo"}[modes[0]]
    yield from (f"{option} does not go with {what}" for name, option in alien.items() if options[name])
    if not options["run"]:
        yield from (f"--{name} goes with --run" for name in ("yes", "live", "keep_going") if options[name])


class _Migrating:
    """One call of the command."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._stack = Stack.of(options)
        self._require_answers()
        self._migrations: Migrations = self._stack.migrations()

    def go(self) -> int:
        """Plan, and carry out if that was asked for."""
        if self._options["resume"]:
            return self._resumed(Path(self._options["resume"]))
        self._refuse_existing_journal()
        plan = self._planned()
        report = self._migrations.report(plan)
        if not self._options["run"] or not plan.moves:
            self._say(lines_of_plan(report, dry=not self._options["run"]))
            return self._told(report)
        self._say(lines_of_plan(report, dry=False))
        self._ask(f"Move {count(len(plan.moves), 'subscription')}")
        journal = self._journal()
        return self._run(
            journal, len(plan.moves), lambda seen: self._migrations.run(plan, journal, self._pacing(), seen=seen)
        )

    def _resumed(self, journal: Path) -> int:
        report = self._migrations.state(journal)
        left = _left(report)
        if not self._options["run"]:
            self._say(lines_of_result(report))
            return self._told(report)
        self._say(lines_of_plan(report, dry=False))
        self._ask(f"Go on with {count(left, 'subscription')}")
        return self._run(journal, left, lambda seen: self._migrations.resume(journal, self._pacing(), seen=seen))

    def _planned(self) -> Plan:
        with watching("Subscriptions looked at", None) as seen:
            if self._options["undo"]:
                return self._migrations.plan_undo(Path(self._options["undo"]), self._policy(), seen=seen)
            return self._migrations.plan(self._options["source"], self._options["target"], self._policy(), seen=seen)

    def _run(self, journal: Path, number: int, run: Callable[[Callable[[], None]], Report]) -> int:
        from billing_runtime import MigrationStopped

        self._say([f"Journal: {journal}"])
        try:
            with watching("Subscriptions moved", number) as seen:
                report = run(seen)
        except KeyboardInterrupt:
            click.echo(f"interrupted: go on with `billing migrate --resume {journal} --run`", err=True)
            return INTERRUPTED
        except MigrationStopped as error:
            click.echo(f"error: {error}", err=True)
            return INCOMPLETE
        self._say(lines_of_result(report))
        return self._told(report)

    def _told(self, report: Report) -> int:
        text = json.dumps(report.as_json(), indent=2)
        if self._options["as_json"]:
            click.echo(text)
        if self._options["report"]:
            _write(Path(self._options["report"]), text)
        return 0 if report.result is None or report.result.complete or not self._options["run"] else INCOMPLETE

    def _policy(self) -> Policy:
        from billing_runtime.migration import Policy

        given = self._options
        return Policy(
            proration=given["proration"] or "none",
            allow_interval_change=given["allow_interval_change"],
            raise_to_minimum=given["raise_to_minimum"],
            reactivate=given["reactivate"],
            past_due=given["past_due"] or "skip",
            cancel_at_period_end=given["cancel_at_period_end"] or "skip",
            only=given["only"],
            exclude=given["exclude"],
            limit=given["limit"],
        )

    def _pacing(self) -> Pacing:
        from billing_runtime.migration import Pacing

        given = self._options
        return Pacing(given["batch"], given["pause"], given["parallel"], given["keep_going"])

    def _journal(self) -> Path:
        if self._options["journal"]:
            return Path(self._options["journal"])
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:4]}.jsonl"
        return self._stack.folder / name

    def _refuse_existing_journal(self) -> None:
        """Refuse at once what would be refused after a long plan."""
        from billing_runtime import JournalInvalid

        path = self._options["journal"]
        if self._options["run"] and path and Path(path).exists():
            raise JournalInvalid.exists(path)

    def _require_answers(self) -> None:
        """Refuse before any request what would have to be asked where nobody can answer."""
        if not self._options["run"] or self._can_ask:
            return
        if self._stack.livemode and not self._options["live"]:
            raise UsageRefused(
                f"account {self._stack.account} is live, and there is no terminal to ask at: pass --live with --run "
                "if real customers are to be moved"
            )
        if not self._options["yes"]:
            raise UsageRefused.unconfirmed("migrate --run")

    @property
    def _can_ask(self) -> bool:
        return sys.stdin.isatty() and not self._options["as_json"]

    def _ask(self, what: str) -> None:
        """Go on only after a yes; for real customers the answer is the account's id."""
        if self._stack.livemode and not self._options["live"]:
            account = self._stack.account
            answer = click.prompt(f"{what} of real customers? Type the account's id, {account}", default="")
            if answer.strip() != account:
                click.echo("nothing was changed")
                raise click.exceptions.Exit(1)
        elif not self._options["yes"] and not click.confirm(f"{what}?"):
            click.echo("nothing was changed")
            raise click.exceptions.Exit(1)

    def _say(self, lines: list[str]) -> None:
        if not self._options["as_json"]:
            click.echo("\n".join(lines))


def _left(report: Report) -> int:
    return 0 if report.result is None else report.result.remaining + len(report.result.failed)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise OperationFailed(f"the report cannot be written to {path}: {reason}") from None
