"""`billing review` of a large plan, without network, beside the preview that made the plan, in the same run.

    script/bench review [--objects 1000] [--changing 10 500] [--forms term md html json]

Both are commands of their own, as CI runs them; the preview is the local engine's. "changing" prices get a new amount,
so that the report tells each of them; the ratio is the review's time to the preview's, and the size that of the report.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import local_engine
import stripe_emulator

PROJECT = """\
name: load
runtime: {{name: python, options: {{virtualenv: {environment}}}}}
stackConfigDir: stacks
plugins: {{providers: [{{name: pulumi-python, path: {host}}}]}}
"""
PROGRAM = 'import billing_resources\n\nbilling_resources.deploy_catalog("stacks/catalog.yaml")\n'
STACK = "bench"
FORMS = ("term", "md", "html", "json")
HEAD = ("objects", "changing", "plan, KiB", "preview, s", "form", "review, s", "ratio", "report, KiB")


@dataclass(frozen=True)
class Bench:
    """A provisioned project in a folder."""

    folder: Path
    objects: int

    def provision(self) -> None:
        """Write it and make everything in it."""
        host = Path(__file__).absolute().parents[1] / "provider"
        (self.folder / "stacks").mkdir()
        (self.folder / "state").mkdir()
        (self.folder / "Pulumi.yaml").write_text(PROJECT.format(environment=sys.prefix, host=host), encoding="utf-8")
        (self.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
        (self.folder / "stacks" / f"Pulumi.{STACK}.yaml").write_text("config:\n  stripe:mode: test\n", encoding="utf-8")
        self.write(0)
        project = local_engine.load_project(self.folder)
        local_engine.stack_init(project, STACK)
        result = local_engine.up(local_engine.Run(project, STACK, environ=dict(os.environ), parallel=32))
        assert result.succeeded, result.diagnostics

    def write(self, changing: int) -> None:
        """Write the catalog, with another amount on so many of its prices."""
        text = json.dumps(catalog(self.objects, changing))
        (self.folder / "stacks" / "catalog.yaml").write_text(text, encoding="utf-8")

    def timed(self, *arguments: str) -> tuple[float, str]:
        """The seconds of a command, and what it printed."""
        line = [sys.executable, "-m", "billing_cli", *arguments]
        began = time.perf_counter()
        done = subprocess.run(line, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        return time.perf_counter() - began, done.stdout


def catalog(objects: int, changing: int) -> dict[str, Any]:
    """Plans of nine prices: flat ones, seats, and tiers."""
    plans = {}
    for number in range(max(1, objects // 10)):
        prices = {f"p{index}": _price(index, dearer=number * 9 + index < changing) for index in range(9)}
        plans[f"plan{number}"] = {"name": f"Plan {number}", "rank": number, "limits": {"members": 5}, "prices": prices}
    return {"version": 1, "currency": "usd", "plans": plans}


def _price(index: int, *, dearer: bool) -> dict[str, Any]:
    amount = 1000 + 100 * index + (150 if dearer else 0)
    if index % 3 == 2:
        tiers = [{"up_to": 10, "unit_amount": amount}, {"up_to": "inf", "unit_amount": amount - 200}]
        return {"recurring": "month", "seats": "follow", "tiers_mode": "graduated", "tiers": tiers}
    return {"recurring": "month", "unit_amount": amount, **({"seats": "follow"} if index % 3 == 1 else {})}


def rows(bench: Bench, changing: int, forms: list[str]) -> Iterator[list[str]]:
    """One line for each form of the report."""
    bench.write(changing)
    preview, printed = bench.timed("preview", "--stack", STACK, "--engine", "local", "--json")
    plan = bench.folder / "plan.json"
    plan.write_text(printed, encoding="utf-8")
    for form in forms:
        seconds, text = bench.timed("review", "--plan", str(plan), "--no-count", "--format", form)
        measured = [f"{preview:.1f}", form, f"{seconds:.1f}", f"{seconds / preview:.2f}"]
        yield [str(bench.objects), str(changing), _kib(printed), *measured, _kib(text)]


def _kib(text: str) -> str:
    return f"{len(text.encode()) / 1024:.0f}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--changing", type=int, nargs="+", default=[10, 500])
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, stripe_emulator.serve() as server:
        os.environ |= {
            "STRIPE_API_KEY": "sk_test_bench",
            "STRIPE_API_BASE": server.url,
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_BACKEND_URL": Path(folder, "state").as_uri(),
        }
        bench = Bench(Path(folder), options.objects)
        bench.provision()
        print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
        for changing in options.changing:
            for row in rows(bench, changing, options.forms):
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
