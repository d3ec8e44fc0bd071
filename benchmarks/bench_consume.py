"""Durable decisions per second, on each backend, beside what people use today and beside the disk itself.

    script/bench consume [--seconds 2] [--callers 1,16,64,256] [--processes 1] [--only WAY] [--decisions 200000]
                         [--json FILE] [--plots DIR] [--page FILE]

Callers are threads, each of which waits for its answer; they consume for 1,000 entities (spread) or for one (hot).
Ours: `billing.consume`, with its history and what Stripe will be told, on disk before it returns. Beside it: a script
in Redis that counts up within a limit, with `appendfsync always`; SELECT … FOR UPDATE, UPDATE, INSERT in PostgreSQL;
and how often the disk can write 4 KiB and sync, measured again before each row, in the same folder. PostgreSQL and
Redis are measured where they are installed (script/services).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.consume import targets
from benchmarks.consume.alternatives import RedisScript, RowLock
from benchmarks.consume.callers import Load, Way, measured
from benchmarks.consume.disk import Disk
from benchmarks.consume.fairness import fairness
from benchmarks.consume.ours import Ours
from benchmarks.consume.page import rewrite
from benchmarks.consume.plots import draw
from benchmarks.consume.rows import Figure, Keys, Row
from benchmarks.consume.single import day, memory, opening, reading
from tests import postgresql, redis_server

BOTH: tuple[Keys, ...] = ("spread", "hot")
HEAD = f"{'':32}{'keys':>8}{'callers':>9}{'per second':>12}" + "".join(
    f"{name:>9}" for name in ("p50 ms", "p99 ms", "× disk", "× Redis", "× lock")
)


def _named(name: str, only: Sequence[str]) -> bool:
    return not only or any(one.lower() in name.lower() for one in only)


@contextmanager
def ways(folder: Path, only: Sequence[str]) -> Iterator[list[Way]]:
    """Everything that can be measured here."""
    found: list[Way] = []
    with ExitStack() as stack:
        if _named(targets.SQLITE, only):
            sqlite = Ours(f"sqlite:///{folder}/usage.db", targets.SQLITE)
            sqlite.prepare()
            found.append(sqlite)
        if redis_server.program() and _named(targets.SCRIPT, only):
            server = stack.enter_context(redis_server.server("always", folder))
            found.append(RedisScript(server.url, targets.SCRIPT))
        if redis_server.program() and _named(targets.LEASES, only):
            server = stack.enter_context(redis_server.server("everysec", folder))
            leased = Ours(f"sqlite:///{folder}/leased.db", targets.LEASES, server.url)
            leased.prepare()
            found.append(leased)
        if postgresql.programs() and any(_named(name, only) for name in (targets.POSTGRESQL, targets.LOCK)):
            database = stack.enter_context(postgresql.server(folder))
            ours = Ours(database.database(), targets.POSTGRESQL)
            ours.prepare()
            lock = RowLock(database.database(), targets.LOCK)
            lock.prepare()
            found += [way for way in (ours, lock) if _named(way.name, only)]
        yield found


def table(rows: Sequence[Row]) -> None:
    """Print every row, as ratios beside the others."""
    print(HEAD)
    for row in rows:
        shares = (targets.ratio(rows, row, other) for other in (targets.SCRIPT, targets.LOCK))
        beside = "".join(f"{share:9.2f}" if share else " " * 9 for share in shares)
        times = f"{row.p50_us / 1000:9.2f}{row.p99_us / 1000:9.2f}{row.rate / row.disk_rate:9.2f}"
        print(f"{row.way:32}{row.keys:>8}{row.callers:9}{row.rate:12.0f}{times}{beside}")
    print()
    for verdict in targets.verdicts(rows):
        print(verdict)


def singles(figures: Sequence[Figure]) -> None:
    """Print what is one number."""
    print()
    for one in figures:
        met = "" if one.met is None else f"  wanted {one.target}: {'met' if one.met else 'MISSED'}"
        print(f"{one.what:78}{one.value:12,.1f} {one.unit}{met}")


def machine() -> dict[str, str]:
    """What it was measured on."""
    return {
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def measure(wanted: argparse.Namespace) -> tuple[list[Row], list[Figure]]:
    """All of it, in a folder that is gone afterwards."""
    Path(".billing").mkdir(exist_ok=True)  # on this disk, and nothing that git looks at
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=".billing") as place:
        folder = Path(place).absolute()
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        disk = Disk(folder, min(0.5, wanted.seconds))
        with ways(folder, wanted.only) as found:
            for keys in BOTH:
                for callers in (number for number in wanted.callers if number >= wanted.processes):
                    load = Load(callers, keys, wanted.seconds)
                    rows += [measured(way, load, wanted.processes, disk) for way in found]
        figures: list[Figure] = []
        if wanted.decisions:
            figures += [*reading(folder), *opening(folder), *memory(folder, wanted.decisions)]
            figures += [*fairness(folder), *day(folder)]
    rows.sort(key=lambda row: (BOTH.index(row.keys), row.callers))
    return rows, figures


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--callers", type=lambda text: [int(one) for one in text.split(",")], default=[1, 16, 64, 256])
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the raw numbers there, too")
    parser.add_argument("--plots", type=Path, help="draw them into this folder")
    parser.add_argument("--page", type=Path, help="write the tables into this page, between its marks")
    parser.add_argument("--decisions", type=int, default=200_000, help="of the long run; 0: no single figures")
    parser.add_argument("--only", action="append", default=[], help="ways whose name has this in it")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    wanted = asked(arguments)
    rows, figures = measure(wanted)
    if wanted.json:
        kept = {"machine": machine(), "rows": [asdict(row) | {"rate": row.rate} for row in rows]}
        kept["figures"] = [asdict(figure) for figure in figures]
        wanted.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if wanted.plots:
        draw(rows, wanted.plots)
    if wanted.page:
        rewrite(wanted.page, machine(), rows, figures)
    table(rows)
    singles(figures)


if __name__ == "__main__":
    main()
