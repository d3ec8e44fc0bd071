"""`up`, a preview without changes and `destroy` on the local engine, beside the Pulumi CLI where it is on PATH.

    script/bench engine [--resources 100 300 1000] [--latency-ms 0 100] [--parallel 16] [--json]

Same program, same host, same form of state for both. "growth" is the time per resource against that of the smallest
stack; "ms each" is the time less that of a program without resources, per resource: without latency, it is the
overhead of engine, program and host together; "CPU ms each" is the engine's part of it, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import local_engine
from benchmarks.process_tree import Cost, Usage, measure

HERE = Path(__file__).absolute().parent
KINDS = {"engine_host.py": "host", "launcher.py": "program", "pulumi-language-python": "program"}
STACK = "bench"
COMMANDS = {
    "up": ["up", "--yes", "--skip-preview"],
    "preview": ["preview", "--expect-no-changes"],
    "destroy": ["destroy", "--yes", "--skip-preview"],
}
PROJECT = """\
name: load
runtime: {{name: python, options: {{virtualenv: {environment}}}}}
plugins: {{providers: [{{name: pulumi-python, path: ./host}}]}}
"""
# A module of its own: what is defined in `__main__` is pickled by value, again for each resource.
THING = """\
from pulumi import dynamic

class Thing(dynamic.Resource, module="bench", name="Thing"):
    def __init__(self, name, **inputs):
        super().__init__(Provider(), name, inputs)

class Provider(dynamic.ResourceProvider):
    serialize_as_secret_always = False
    def __reduce__(self):
        return (Provider, ())
"""
# Groups of ten: nine depend on the first, as the prices of a product do; one in ten has a secret.
PROGRAM = """\
import os
from pulumi import Output
from thing import Thing

for number in range(int(os.environ["BENCH_RESOURCES"])):
    if number % 10 == 0:
        head = Thing(f"thing-{number}", label=f"Thing {number}", token=Output.secret(f"secret {number}"))
    else:
        Thing(f"thing-{number}", head=head.id, amount=number, tags={"group": str(number // 10), "currency": "usd"})
"""


@dataclass(frozen=True)
class Row:
    """One measurement."""

    engine: str
    operation: str
    resources: int
    latency_ms: int
    seconds: float
    used: dict[str, Usage]


class Bench:
    """One project whose state begins anew for every size."""

    def __init__(self, folder: Path, engine: str, parallel: int) -> None:
        self._engine = engine
        self._parallel = parallel
        self._folder = folder
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        self._environ |= {
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONPATH": str(HERE.parent),
        }
        write_project(folder)

    def measure(self, resources: int, latency: int) -> Iterator[Row]:
        """Measure every operation in the life of one stack."""
        self._environ |= {"BENCH_RESOURCES": str(resources), "BENCH_LATENCY_MS": str(latency)}
        shutil.rmtree(self._folder / "state", ignore_errors=True)
        (self._folder / "state").mkdir()
        local_engine.stack_init(local_engine.load_project(self._folder), STACK, environ=self._environ)
        for operation in COMMANDS:
            cost = self._cost(operation)
            yield Row(self._engine, operation, resources, latency, cost.seconds, dict(cost.used))

    def _cost(self, operation: str) -> Cost:
        command = [
            sys.executable,
            "-m",
            "benchmarks.bench_engine",
            "--one",
            operation,
            "--parallel",
            str(self._parallel),
        ]
        if self._engine == "pulumi":
            command = ["pulumi", *COMMANDS[operation], "--non-interactive", "--stack", STACK]
            command += ["--parallel", str(self._parallel)]
        return measure(command, environ=self._environ, directory=self._folder, kinds=KINDS)


def write_project(folder: Path) -> None:
    """A project of as many resources as the environment says, with its host."""
    (folder / "host").mkdir()
    host = folder / "host" / "pulumi-resource-pulumi-python"
    host.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "engine_host.py"}"\n', encoding="utf-8")
    host.chmod(0o755)
    (folder / "Pulumi.yaml").write_text(PROJECT.format(environment=sys.prefix), encoding="utf-8")
    (folder / f"Pulumi.{STACK}.yaml").write_text("config: {}\n", encoding="utf-8")
    (folder / "thing.py").write_text(THING, encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")


def operate(operation: str, parallel: int) -> int:
    """Be the engine of one operation; a process of its own, so that its memory can be told."""
    run = local_engine.Run(local_engine.load_project(Path.cwd()), STACK, parallel=parallel)
    result = getattr(local_engine, operation)(run)
    changed = operation == "preview" and result.changed
    print(*result.diagnostics, result.changes)
    return 1 if changed or not result.succeeded else 0


def measure_all(options: argparse.Namespace) -> Iterator[Row]:
    """Measure both engines by turns, so that a busy moment of the machine meets both."""
    engines = ["local_engine", *(["pulumi"] if shutil.which("pulumi") else [])]
    sizes = [(0, 0), *((resources, latency) for latency in options.latency_ms for resources in options.resources)]
    for resources, latency in sizes:
        for engine in engines:
            with tempfile.TemporaryDirectory() as folder:
                yield from Bench(Path(folder), engine, options.parallel).measure(resources, latency)


def arguments() -> argparse.Namespace:
    """What the caller wants."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--resources", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 100])
    parser.add_argument("--parallel", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", choices=COMMANDS, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure, and print the table or the figures."""
    options = arguments()
    if options.one:
        sys.exit(operate(options.one, options.parallel))
    rows = list(measure_all(options))
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print(f"{os.cpu_count()} cores, {options.parallel} steps side by side")
    for line in table(rows):
        print(line)


HEADINGS = (
    *("operation", "n", "ms", "engine", "time", "growth", "local/pulumi", "ms each"),
    *("CPU engine", "CPU ms each", "CPU program", "CPU host"),
    *("MiB engine", "MiB program", "MiB host"),
)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of the table."""
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"|{'---|' * len(HEADINGS)}"
    for row in sorted(rows, key=lambda row: (list(COMMANDS).index(row.operation), row.latency_ms, row.resources)):
        yield f"| {' | '.join(cells(row, rows))} |"


def cells(row: Row, rows: Sequence[Row]) -> list[str]:
    """One line of the table."""
    place = [row.operation, str(row.resources), str(row.latency_ms), row.engine]
    time = [f"{row.seconds:.2f}s", growth(row, rows), ratio(row, rows), each(row, rows, lambda one: one.seconds)]
    used = [row.used.get(kind, Usage()) for kind in ("engine", "program", "host")]
    cpu, memory = [f"{usage.cpu:.2f}s" for usage in used], [f"{usage.mib:.0f}" for usage in used]
    cpu.insert(1, each(row, rows, lambda one: one.used["engine"].cpu))
    return [*place, *time, *cpu, *memory]


def growth(row: Row, rows: Sequence[Row]) -> str:
    """The time per resource against that of the smallest stack of this kind."""
    alike = [other for other in rows if other.resources and same(row, other, "engine", "operation", "latency_ms")]
    if not row.resources:
        return ""
    first = min(alike, key=lambda other: other.resources)
    return f"{(row.seconds / row.resources) / (first.seconds / first.resources):.2f}"


def each(row: Row, rows: Sequence[Row], measured: Callable[[Row], float]) -> str:
    """The milliseconds that each resource adds to what a program without any takes."""
    empty = next(other for other in rows if not other.resources and same(row, other, "engine", "operation"))
    return f"{(measured(row) - measured(empty)) / row.resources * 1000:.1f}" if row.resources else ""


def ratio(row: Row, rows: Sequence[Row]) -> str:
    """The time of the local engine in that of the CLI."""
    if row.engine == "pulumi":
        return ""
    found = [o for o in rows if o.engine == "pulumi" and same(row, o, "operation", "resources", "latency_ms")]
    return f"{row.seconds / found[0].seconds:.2f}" if found else ""


def same(row: Row, other: Row, *names: str) -> bool:
    """Tell whether two measurements agree in some facts."""
    return all(getattr(row, name) == getattr(other, name) for name in names)


if __name__ == "__main__":
    main()
