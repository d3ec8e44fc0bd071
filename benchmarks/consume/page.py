"""The measured part of docs/performance.md, written anew by each run that is asked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.consume.rows import Figure, Keys, Row
from benchmarks.consume.targets import LEASES, LOCK, POSTGRESQL, SCRIPT, SQLITE, verdicts

BEGIN, END = "<!-- measured -->\n", "<!-- end of what was measured -->\n"
WAYS = (SQLITE, LEASES, POSTGRESQL, SCRIPT, LOCK)
TITLES: dict[Keys, str] = {"spread": "1,000 entities", "hot": "one hot entity"}


def rewrite(page: Path, machine: Mapping[str, str], rows: Sequence[Row], figures: Sequence[Figure]) -> None:
    """Put these numbers in the place of those that were there."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    measured = "\n\n".join([_machine(machine, rows), *_tables(rows), _verdicts(rows), _figures(figures)])
    page.write_text(f"{before}{BEGIN}\n{measured}\n\n{END}{after}", encoding="utf-8")


def _machine(machine: Mapping[str, str], rows: Sequence[Row]) -> str:
    rates, times = sorted(row.disk_rate for row in rows), sorted(row.disk_us for row in rows)
    middle = len(rates) // 2
    return (
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}. The disk took 4 KiB and a sync "
        f"{rates[middle]:,.0f} times a second (from {rates[0]:,.0f} to {rates[-1]:,.0f} over the run), "
        f"{times[middle]:,.0f} µs each."
    )


def _tables(rows: Sequence[Row]) -> list[str]:
    found = {(row.keys, row.way, row.callers): row for row in rows if row.processes == 1}
    callers = sorted({row.callers for row in rows})
    tables = []
    for keys, title in TITLES.items():
        lines = [
            f"| {title}: decisions a second (p50, p99 in ms) | "
            + " | ".join(f"{one} callers" for one in callers)
            + " |",
            "| --- |" + " ---: |" * len(callers),
        ]
        for way in WAYS:
            cells = [_cell(found.get((keys, way, one))) for one in callers]
            if any(cells):
                lines.append(f"| {way} | " + " | ".join(cells) + " |")
        tables.append("\n".join(lines))
    return tables


def _cell(row: Row | None) -> str:
    return "" if row is None else f"{row.rate:,.0f} ({_ms(row.p50_us)}, {_ms(row.p99_us)})"


def _ms(microseconds: float) -> str:
    return f"{microseconds / 1000:.3f}" if microseconds < 100 else f"{microseconds / 1000:.1f}"


def _verdicts(rows: Sequence[Row]) -> str:
    lines = ["| asked for | wanted | found | |", "| --- | ---: | ---: | --- |"]
    for one in verdicts(rows):
        sign = "≤" if one.most else "≥"
        lines.append(
            f"| {one.what} | {sign} {one.wanted:g}× | {one.found:.1f}× | {'met' if one.met else '**missed**'} |"
        )
    return "\n".join(lines)


def _figures(figures: Sequence[Figure]) -> str:
    lines = ["| one number | | wanted | |", "| --- | ---: | --- | --- |"]
    for one in figures:
        met = "" if one.met is None else "met" if one.met else "**missed**"
        number = f"{one.value:,.0f}" if one.value >= 1000 else f"{one.value:,.2f}"
        lines.append(f"| {one.what} | {number} {one.unit} | {one.target} | {met} |")
    return "\n".join(lines)
