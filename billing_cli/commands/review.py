"""`billing review`: what a change does to prices, customers and money, before it happens."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.operations import Operation
from billing_cli.commands.options import cwd, engine, stack
from billing_cli.review.writing import FORMATS, format_of, write

if TYPE_CHECKING:
    from billing_cli.review.source import Found
    from billing_review.report import Report, Severity

FAILED, FOUND = 1, 3
NEVER = "never"
EXIT_CODES = """\b
Exit codes:
  0  reviewed
  1  refused, or the plan is of a preview that failed: it is reviewed as far as it goes
  2  wrong usage
  3  reviewed, and something is as bad as --fail-on says, or worse"""


@click.command(epilog=EXIT_CODES)
@click.option("--plan", metavar="FILE|-", help="What `pulumi preview --json` (or `billing preview --json`) printed.")
@click.option("--base", metavar="REV", help="Compare the catalog with that of a git revision; no account is needed.")
@click.option("--head", metavar="REV", help="With --base: the revision that is reviewed; the working tree when absent.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="The report's form; by the name of --out, else term."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--out", type=click.Path(dir_okay=False), help="Write the report into a file.")
@click.option(
    "--fail-on",
    type=click.Choice(("high", "medium", "low", NEVER)),
    default=NEVER,
    show_default=True,
    help="Exit with 3 if a finding that nobody suppressed is as bad as that, or worse.",
)
@click.option(
    "--count/--no-count",
    default=None,
    help="Count who is affected, at Stripe; by default if STRIPE_API_KEY is set, and never with --base.",
)
@click.option("--calls", type=click.IntRange(1), help="How many requests counting may make.  [default: 2000]")
@click.option("--fresh", is_flag=True, help="Count again what was counted in the last minutes.")
@click.option(
    "--refresh", "refresh_first", is_flag=True, help="Read Stripe's side first: shows what was changed there."
)
@stack
@engine
@cwd
@click.option("--config-file", type=click.Path(dir_okay=False), help="The stack's settings file.")
def review(**options: Any) -> None:
    """Say what a change does to prices, customers and money.

    The change is a plan (--plan), two revisions of the catalog (--base, --head), or, with neither, what `billing up`
    would do to the stack: it is previewed now. Nothing is changed, here or at Stripe.
    """
    _require_sense(options)
    found = _found(options)
    report = _report(found, options)
    form = "json" if options["as_json"] else format_of(options["form"], options["out"])
    write(report, form, options["out"])
    raise click.exceptions.Exit(_exit_code(report, options["fail_on"]))


def _require_sense(options: dict[str, Any]) -> None:
    if options["plan"] and options["base"]:
        raise click.UsageError("--plan and --base are two sources: a review is of one of them")
    if options["head"] and not options["base"]:
        raise click.UsageError("--head needs --base: the revision that it is compared with")
    if options["refresh_first"] and (options["plan"] or options["base"]):
        raise click.UsageError("--refresh is for a preview that is run now: a plan has its --refresh behind it")
    if options["count"] and options["base"]:
        raise click.UsageError("--count needs a plan: revisions of a catalog have no ids to count customers by")
    if options["as_json"] and options["form"] not in {None, "json"}:
        raise click.UsageError("--json and --format say different things")


def _found(options: dict[str, Any]) -> Found:
    from billing_cli.review import source

    if options["plan"]:
        return source.of_plan(options["plan"], options["cwd"], options["stack"])
    if options["base"]:
        named = options["stack"] or os.environ.get("BILLING_STACK") or None
        return source.of_revisions(options["base"], options["head"], options["cwd"], named)
    operation = Operation({**options, "as_json": True, "parallel": None})
    operation.begin()
    return source.of_preview(operation)


def _report(found: Found, options: dict[str, Any]) -> Report:
    from billing_cli.review.customers import who_is_affected
    from billing_cli.review.measures import measures_of
    from billing_review.judgement import judge
    from billing_review.telling import tell

    measures = measures_of(found)
    asked = {name: options[name] for name in ("calls", "fresh")}
    counting, affected = who_is_affected(found, asked=options["count"], **asked)
    findings = judge(found.change, measures, today=datetime.now(UTC).date(), affected=affected)
    return tell(found.change, findings, counting, affected)


def _exit_code(report: Report, fail_on: str) -> int:
    from billing_review.judgement import fails
    from billing_review.report import SEVERITIES

    if report.trouble:
        return FAILED
    levels: dict[str, Severity] = {one: one for one in SEVERITIES}
    return FOUND if fails(report.findings, levels.get(fail_on)) else 0
