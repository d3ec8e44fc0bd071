"""The benchmarks run, on numbers too small to measure anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.end_to_end.project import ROOT

pytestmark = pytest.mark.end_to_end


def test_up_is_measured_on_both_hosts() -> None:
    """A step has its seconds on both hosts, and their ratio."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_"))}
    line = [sys.executable, "benchmarks/bench_up.py", "--prices", "2", "--latency-ms", "1", "--steps", "up"]
    done = subprocess.run(line, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    title, heading, row = done.stdout.splitlines()
    assert title.startswith("2 prices, 1 ms at Stripe")
    assert heading.split() == ["our", "host", "stock", "host", "ratio"]
    assert re.fullmatch(r"up +\d+\.\d\ds +\d+\.\d\ds +\d+\.\dx", row)
