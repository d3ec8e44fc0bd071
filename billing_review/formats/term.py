"""The review for a terminal. Colours only repeat what words say, and no text is taken for rich's markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import StringIO
from typing import TYPE_CHECKING

from billing_review.formats import words
from billing_review.formats.clean import for_people
from billing_review.report import Costs, Entry, Finding, Report

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STYLES = {"high": "bold red", "medium": "bold yellow", "low": "bold cyan", "info": "bold"}
_WIDTH = 100


def render(report: Report, width: int | None = None, *, color: bool | None = None) -> str:
    """The review as lines of text, 100 columns wide unless told otherwise, without colours unless asked for."""
    from rich.console import Console

    into = StringIO()
    console = Console(
        file=into,
        width=width or _WIDTH,
        force_terminal=bool(color),
        color_system="standard" if color else None,
        legacy_windows=False,
        _environ={},
    )
    show(report, console)
    return "\n".join(line.rstrip() for line in into.getvalue().splitlines()) + "\n"


def show(report: Report, console: Console) -> None:
    """Print the review on a console of rich."""
    report = for_people(report)
    for part in (*_head(report), *_findings(report.findings), *_entries(report)):
        console.print(part, markup=False, highlight=False, emoji=False)


def _head(report: Report) -> Iterator[RenderableType]:
    yield _text(("Billing review", "bold"), ("  " + " · ".join(words.source(report)), ""))
    yield _text((words.changes(report), ""))
    yield _text((f"Findings: {words.weights(report.findings)}", ""))
    if touched := words.revenue(report):
        yield _text((touched, ""))
    yield _text((report.counting.sentence, "dim"))
    for trouble in report.trouble:
        yield _text(("PROBLEM  ", "bold red"), (trouble, ""))


def _findings(findings: Iterable[Finding]) -> Iterator[RenderableType]:
    found = words.by_weight(findings)
    if found:
        yield _title("Findings")
    for finding in found:
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[RenderableType]:
    style = "dim" if finding.suppressed else _STYLES[finding.severity]
    name = f"{finding.severity.upper():<7}"
    yield _hanging(_text((name, style)), _text((finding.sentence, ""), (f"  {finding.rule}", "dim")))
    where = f" ({finding.place})" if finding.place else ""
    yield _hanging(_text(("     →", "dim")), _text((f"{finding.advice}{where}", "")))
    if finding.suppressed:
        held = f"suppressed until {finding.suppressed.until}: {finding.suppressed.reason}"
        yield _hanging(_text(("", "")), _text((held, "dim")))


def _entries(report: Report) -> Iterator[RenderableType]:
    if report.entries:
        yield _title("What changes")
    for entry in report.entries:
        yield _text(("", ""))
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[RenderableType]:
    yield _hanging(_text((words.OPERATIONS[entry.operation].upper(), "bold")), _text((entry.headline, "bold")), 10)
    yield _indented(_text((f"{entry.kind} {entry.key}{_behind(entry)}", "dim")))
    for sentence in entry.sentences:
        yield _indented(_text((sentence, "")))
    if entry.affected is not None:
        yield _indented(_text((f"On it today: {words.affected(entry.affected)}", "")))
    if entry.facts:
        rows = ((fact.label, fact.old or "–", fact.new or "–", fact.note or "") for fact in entry.facts)
        yield _table(("", "Before", "After", ""), rows)
    for costs in entry.costs:
        yield from _costs(entry, costs)


def _behind(entry: Entry) -> str:
    return "".join(f" · {part}" for part in (entry.object_id, entry.place) if part)


def _costs(entry: Entry, costs: Costs) -> Iterator[RenderableType]:
    currency = costs.currency.upper()
    for number, sentence in enumerate(words.on_costs(entry, costs)):
        yield _indented(_text((sentence, "")), above=1 - min(number, 1))
    if costs.tiers:
        tiers = ((row.units, row.old or "–", row.new or "–") for row in costs.tiers)
        yield _table((f"Tiers, {currency}", "Before", "After"), tiers, right=(1, 2))
    if costs.examples:
        examples = (
            (words.of_unit(one.quantity, one.unit), one.old or "–", one.new or "–", one.change or "", one.sum or "")
            for one in costs.examples
        )
        heads = (f"Examples, {currency}", "Before", "After", "", "How it adds up")
        yield _table(heads, examples, right=(0, 1, 2, 3))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], right: tuple[int, ...] = ()) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for number, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return _indented(table, above=1)


def _title(title: str) -> RenderableType:
    return _text(("\n" + title, "bold underline"))


def _hanging(mark: Text, text: Text, width: int = 7) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    table.add_column(width=width)
    table.add_column(overflow="fold")
    table.add_row(mark, text)
    return table


def _indented(inner: RenderableType, above: int = 0) -> RenderableType:
    from rich.padding import Padding

    return Padding(inner, (above, 0, 0, 2))


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)
