"""The review as a comment on a pull request: GitHub's Markdown, never longer than a comment may be.

It begins with a hidden marker, by which a workflow finds its comment and updates it in place. What does not fit is left
out from the end: details before price changes before findings, and in each of them the least grave first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billing_review.formats import words
from billing_review.formats.clean import for_people
from billing_review.formats.escaping import markdown as safe
from billing_review.phrases import counted
from billing_review.report import SEVERITIES, Costs, Entry, Finding, Report

MARKER = "<!-- billing-review -->"
LIMIT = 65_000
"""In UTF-16 units, the most cautious way to count characters; GitHub takes 65,536."""
_FOR_NOTES = 800
_FOR_PRICES = 0.5
_TROUBLES = 5
_ROWS = 40
_WHERE = "the whole review is in its HTML form (`billing review --format html`)"


def render(report: Report) -> str:
    """The comment."""
    report = for_people(report)
    head = _head(report)
    room = _Room(LIMIT - _FOR_NOTES - _length(head))
    findings = room.take([_finding(one) for one in words.by_weight(report.findings)])
    grave = _gravity(report)
    changes = list(words.price_changes(report))
    ranks = [grave[(entry.kind, entry.key)] for entry, _ in changes]
    prices = room.take([_price(entry, costs) for entry, costs in changes], ranks, share=_FOR_PRICES)
    ranks = [grave[(entry.kind, entry.key)] for entry in report.entries]
    details = room.take([_details(entry) for entry in report.entries], ranks)
    return (
        head
        + _section("Findings", "", findings, "finding")
        + _section("Price changes", _PRICES, prices, "price change")
        + _section("Details", "", details, "object")
    )


class _Room:
    """How many characters are left for what comes next."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, parts: Sequence[str], ranks: Sequence[int] = (), share: float = 1) -> list[str | None]:
        """The parts that fit into a share of the room, in their order; None where one did not.

        Those of the lowest rank are taken first, and among equals those that come first.
        """
        taken: list[str | None] = [None] * len(parts)
        keep = int(self._left * (1 - share))
        for number in sorted(range(len(parts)), key=ranks.__getitem__) if ranks else range(len(parts)):
            if (length := _length(parts[number])) <= self._left - keep:
                taken[number] = parts[number]
                self._left -= length
        return taken


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _section(title: str, opening: str, parts: Sequence[str | None], one: str) -> str:
    if not parts:
        return ""
    shown = [part for part in parts if part is not None]
    left_out = len(parts) - len(shown)
    note = f"\n_{counted(left_out, one)} left out for lack of room: {_WHERE}._\n" if left_out else ""
    return f"\n### {title}\n\n" + (opening + "".join(shown) if shown else "") + note


def _gravity(report: Report) -> dict[tuple[str, str], int]:
    """The rank of each object: 0 for what the worst is said about."""
    said = words.by_object(report.findings)
    weights = {about: words.worst(said.get(about, ())) for about in ((one.kind, one.key) for one in report.entries)}
    return {about: len(SEVERITIES) if weight is None else SEVERITIES.index(weight) for about, weight in weights.items()}


def _head(report: Report) -> str:
    lines = [MARKER, "## Billing review", ""]
    if source := words.source(report):
        lines += [" · ".join(safe(part, 120) for part in source), ""]
    lines += [f"**{words.changes(report)}** · Findings: **{words.weights(report.findings)}**", ""]
    if touched := words.revenue(report):
        lines += [safe(touched), ""]
    lines += [safe(report.counting.sentence)]
    for trouble in report.trouble[:_TROUBLES]:
        lines += ["", f"> **Problem:** {safe(trouble, 200)}"]
    if (more := len(report.trouble) - _TROUBLES) > 0:
        lines += ["", f"> and {counted(more, 'more problem')}: {_WHERE}"]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding) -> str:
    place = f" ({safe(finding.place)})" if finding.place else ""
    told = f"{safe(finding.sentence)} <sub>{safe(finding.rule)}</sub><br>→ {safe(finding.advice)}{place}"
    if finding.suppressed is None:
        return f"- **{finding.severity.capitalize()}:** {told}\n"
    held = f"Suppressed until {safe(finding.suppressed.until)}: {safe(finding.suppressed.reason)}"
    return f"- {finding.severity.capitalize()}, suppressed: {told}<br>{held}\n"


_PRICES = "| Price | Before | After | Change | On it today |\n| --- | ---: | ---: | :--- | :--- |\n"


def _price(entry: Entry, costs: Costs) -> str:
    on_it = words.affected(entry.affected) if entry.affected and costs is entry.costs[0] else ""
    cells = (entry.title, words.amount(costs.old), words.amount(costs.new), words.change(costs), on_it)
    return _row(safe(cell) for cell in cells)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _details(entry: Entry) -> str:
    word = words.OPERATIONS[entry.operation]
    opening = f"<details><summary><b>{word}</b> · {safe(entry.headline)}</summary>\n\n"
    return opening + "\n".join(_inside(entry)) + "\n</details>\n\n"


def _inside(entry: Entry) -> Iterator[str]:
    where = (entry.kind + " " + entry.key, entry.object_id, entry.place)
    yield f"<sub>{' · '.join(safe(part) for part in where if part)}</sub>\n"
    told = [*entry.sentences, *([f"On it today: {words.affected(entry.affected)}"] if entry.affected else [])]
    if told:
        yield "".join(f"- {safe(sentence)}\n" for sentence in told[:_ROWS])
    facts = [(fact.label, fact.old or "–", fact.new or "–", fact.note or "") for fact in entry.facts]
    yield from _table(("", "Before", "After", ""), facts)
    for costs in entry.costs:
        yield from _costs(entry, costs)


def _costs(entry: Entry, costs: Costs) -> Iterator[str]:
    currency = safe(costs.currency.upper(), 12)
    for sentence in words.on_costs(entry, costs):
        yield f"{safe(sentence)}\n"
    tiers = [(row.units, row.old or "–", row.new or "–") for row in costs.tiers]
    yield from _table((f"Tiers, {currency}", "Before", "After"), tiers, right=(1, 2))
    examples = [
        (words.of_unit(one.quantity, one.unit), one.old or "–", one.new or "–", one.change or "", one.sum or "")
        for one in costs.examples
    ]
    heads = (f"Examples, {currency}", "Before", "After", "", "How it adds up")
    yield from _table(heads, examples, right=(0, 1, 2, 3))


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: tuple[int, ...] = ()) -> Iterator[str]:
    if not rows:
        return
    lines = [_row(heads), _row("---:" if number in right else ":---" for number in range(len(heads)))]
    lines += [_row(safe(cell) for cell in row) for row in rows[:_ROWS]]
    if (more := len(rows) - _ROWS) > 0:
        lines += [f"\nand {counted(more, 'more row')}: {_WHERE}\n"]
    yield "".join(lines)
