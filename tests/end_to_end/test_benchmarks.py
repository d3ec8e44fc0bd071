"""The benchmarks run, on numbers too small to measure anything."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.end_to_end.project import ROOT

pytestmark = pytest.mark.end_to_end


def _bench(name: str, *options: str) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_"))}
    line = [sys.executable, "-m", f"benchmarks.bench_{name}", *options]
    done = subprocess.run(line, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_up_is_measured_on_both_hosts() -> None:
    """A step has its seconds on both hosts, their ratio, its requests, and what the rate alone would take."""
    lines = _bench("up", "--objects", "4", "--latency-ms", "1", "--steps", "up", "--rates", "100").splitlines()
    heading, row = ([cell.strip() for cell in line.strip("|").split("|")] for line in (lines[2], lines[4]))
    assert heading[:6] == ["objects", "rate", "step", "our host", "stock host", "ratio"]
    assert row[:3] == ["4", "100", "up"]
    assert all(re.fullmatch(r"\d+(\.\d+)?", cell) for cell in row[3:])


def test_a_review_is_measured_beside_its_preview() -> None:
    """Each form of the report has its seconds, those of the preview, their ratio, and its size."""
    head, _, *lines = _bench("review", "--objects", "10", "--changing", "3", "--forms", "md", "html").splitlines()
    heading, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in (head, *lines))
    assert heading[-4:] == ["form", "review, s", "ratio", "report, KiB"]
    assert [(row[0], row[1], row[4]) for row in rows] == [("10", "3", "md"), ("10", "3", "html")]
    assert all(float(row[7]) > 1 for row in rows)


def test_the_engine_is_measured() -> None:
    """Each operation has a line for no resources and for each number of them, with its time and its growth."""
    _, heading, _, *rows = _bench("engine", "--resources", "2", "--latency-ms", "1").splitlines()
    names = heading.strip("| ").split(" | ")
    table = [dict(zip(names, row.strip("| ").split(" | "), strict=False)) for row in rows]
    ours = [row for row in table if row["engine"] == "local_engine"]
    assert [(row["operation"], row["n"]) for row in ours] == [
        (operation, n) for operation in ("up", "preview", "destroy") for n in ("0", "2")
    ]
    assert all(row["growth"] == "1.00" for row in ours if row["n"] == "2")


def test_the_figures_can_be_read_by_programs() -> None:
    """With `--json`, every process has its own CPU time and memory."""
    rows = json.loads(_bench("engine", "--resources", "2", "--latency-ms", "0", "--json"))
    up = next(row for row in rows if (row["operation"], row["resources"]) == ("up", 2))
    assert up["used"].keys() >= {"engine", "program", "host"}
    assert all(used["mib"] > 1 for used in up["used"].values())


def test_migrations_are_measured() -> None:
    """The loop and the migration move the same subscriptions, with their calls each and their time beside the other."""
    lines = _bench("migrate", "--subscriptions", "3", "--latency-ms", "0", "--parallel", "2").splitlines()
    loop, migration = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines[4:])
    assert (loop[:4], loop[6:]) == (["3", "0 ms", "naive loop", "1"], ["4", "1.33", "1.00"])
    assert (migration[:4], migration[6:8]) == (["3", "0 ms", "billing migrate", "2"], ["10", "3.33"])


def test_counting_is_measured() -> None:
    """Both ways of counting have their calls and seconds for each change, on the same numbers."""
    _, heading, _, *rows = _bench("counting", "--subscriptions", "300", "--latency-ms", "0").splitlines()
    names = [cell.strip() for cell in heading.strip("|").split("|")]
    assert names[2:6] == ["plain: calls", "s", "ours: calls", "s"]
    table = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [row[0] for row in table] == ["one price", "every price"]
    assert [(row[2], row[4]) for row in table] == [("3", "3"), ("16", "6")]


def test_the_emulator_is_measured() -> None:
    """Each call has its rate beside stripe-mock's, and what an emulator costs is said."""
    options = ("--requests", "20", "--rounds", "1", "--objects", "20", "--many", "200", "--json")
    figures = json.loads(_bench("emulator", *options))
    assert all(row["emulator"] > 0 and row["p99"] >= row["p50"] > 0 for row in figures["calls"])
    assert {"create product", "list 10 customers", "retrieve subscription"} <= {row["call"] for row in figures["calls"]}
    assert {"created on disk by 16, /s", "search by metadata of 200, ms"} <= figures["others"].keys()


def test_seats_are_measured() -> None:
    """The hook and the recorded changes end at the same number, with their calls and lines beside each other."""
    heading, _, *rows = _bench("seats", "--changes", "20", "--burst", "5").splitlines()
    hook, ours = (dict(zip(heading.split(" | "), row.split(" | "), strict=True)) for row in rows)
    assert (hook["calls"], ours["calls"]) == ("40", "12")
    assert int(ours["invoice lines"]) > 0
