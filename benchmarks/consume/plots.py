"""Pictures of the table, for docs/performance.md: many keys and one side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.consume.rows import Row
from benchmarks.consume.targets import LEASES, LOCK, POSTGRESQL, SCRIPT, SQLITE

# Colours that can be told apart on white and on black, also by who sees no red or no green; ours are drawn whole.
LOOKS: dict[str, tuple[str, str, str]] = {
    LEASES: ("#c2557f", "-", "D"),
    SQLITE: ("#1f8fd6", "-", "o"),
    POSTGRESQL: ("#17976b", "-", "s"),
    SCRIPT: ("#d9791c", "--", "^"),
    LOCK: ("#8a6fd1", "--", "v"),
}
TITLES = {"spread": "1,000 entities", "hot": "one hot entity"}
INK = "#7d8590"  # readable on light and on dark pages alike; the ground is the page's own


def draw(rows: Sequence[Row], folder: Path) -> list[Path]:
    """Throughput and latency by callers."""
    folder.mkdir(parents=True, exist_ok=True)
    one = [row for row in rows if row.processes == 1]
    throughput, latency = folder / "consume-throughput.svg", folder / "consume-latency.svg"
    _save(throughput, "decisions per second", one, _rates)
    _save(latency, "one decision, ms (line: p50, thin: p99)", one, _times)
    return [throughput, latency]


def _save(path: Path, label: str, rows: Sequence[Row], lines: Any) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    inked: Any = dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK)
    plt.rcParams.update({"svg.hashsalt": "billing", "font.size": 10, **inked})
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
    for axis, (keys, title) in zip(axes, TITLES.items(), strict=True):
        lines(axis, [row for row in rows if row.keys == keys])
        _dress(axis, title, sorted({row.callers for row in rows}))
    axes[0].set_ylabel(label)
    handles, names_ = axes[0].get_legend_handles_labels()
    columns = min(3, len(names_))
    figure.legend(handles, names_, loc="upper center", ncols=columns, frameon=False, labelcolor=INK)
    figure.tight_layout(rect=(0, 0, 1, 0.88))
    figure.savefig(path, transparent=True, metadata={"Date": None})
    plt.close(figure)


def _dress(axis: Any, title: str, callers: Sequence[int]) -> None:
    axis.set_title(title, color=INK)
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    axis.set_xticks(callers, [str(number) for number in callers])
    axis.set_xlabel("callers")
    axis.grid(visible=True, color=INK, alpha=0.25, linewidth=0.6)
    axis.patch.set_alpha(0)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _rates(axis: Any, rows: Sequence[Row]) -> None:
    for way, (colour, line, mark) in LOOKS.items():
        found = sorted((row.callers, row.rate) for row in rows if row.way == way)
        if found:
            axis.plot(*zip(*found, strict=True), color=colour, linestyle=line, marker=mark, label=way)
    disk = sorted(row.disk_rate for row in rows)
    if disk:
        axis.axhline(disk[len(disk) // 2], color=INK, linestyle=":", label="the disk's own fdatasync")


def _times(axis: Any, rows: Sequence[Row]) -> None:
    for way, (colour, line, mark) in LOOKS.items():
        found = sorted((row.callers, row.p50_us / 1000, row.p99_us / 1000) for row in rows if row.way == way)
        if not found:
            continue
        callers, half, most = zip(*found, strict=True)
        axis.plot(callers, half, color=colour, linestyle=line, marker=mark, label=way)
        axis.plot(callers, most, color=colour, linestyle=line, linewidth=0.8, alpha=0.7)
    disk = sorted(row.disk_us for row in rows)
    if disk:
        axis.axhline(disk[len(disk) // 2] / 1000, color=INK, linestyle=":", label="one fdatasync")
