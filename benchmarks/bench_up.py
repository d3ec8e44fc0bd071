"""`up` and a preview without changes: our host beside Pulumi's stock host, on the same engine, in the same run.

    script/bench up [--prices 100] [--latency-ms 50] [--steps up destroy]

Prints seconds and the ratio; Stripe's answers are delayed by the emulator, so that concurrency shows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import local_engine
import stripe_emulator

PROGRAM = """
import os
import billing_resources as billing

product = billing.Product("load", name="Load")
for number in range(int(os.environ["PRICES"])):
    billing.Price(f"load.p{number}", product=product.id, currency="usd", unit_amount=100 + number,
                  lookup_key=f"load_{number}", recurring={"interval": "month"})
"""
PROJECT = "name: load\nruntime: {{name: python, options: {{virtualenv: {environment}}}}}\n"
STEPS = {
    "up": local_engine.up,
    "preview": local_engine.preview,
    "refresh": local_engine.refresh,
    "destroy": local_engine.destroy,
}
OUR_HOST = "plugins: {{providers: [{{name: pulumi-python, path: {host}}}]}}\n"


def main() -> None:
    """Measure both hosts and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--prices", type=int, default=100)
    parser.add_argument("--latency-ms", type=int, default=50)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    options = parser.parse_args()
    os.environ |= {
        "PRICES": str(options.prices),
        "STRIPE_API_KEY": "sk_test_bench",
        "PULUMI_CONFIG_PASSPHRASE": "bench",
    }
    print(f"{options.prices} prices, {options.latency_ms} ms at Stripe, {os.cpu_count()} cores")
    ours, stock = (measure(options.steps, options.latency_ms / 1000, own_host=own) for own in (True, False))
    print(f"{'':<22}{'our host':>10}{'stock host':>12}{'ratio':>8}")
    for step, seconds in ours.items():
        print(f"{step:<22}{seconds:>9.2f}s{stock[step]:>11.2f}s{stock[step] / seconds:>7.1f}x")


def measure(steps: list[str], latency: float, *, own_host: bool) -> dict[str, float]:
    """The seconds of each step of a stack's life."""
    with tempfile.TemporaryDirectory() as folder, stripe_emulator.serve() as server:
        os.environ["STRIPE_API_BASE"] = server.url
        os.environ["PULUMI_BACKEND_URL"] = Path(folder, "state").as_uri()
        Path(folder, "state").mkdir()
        server.admin.delay_next(latency, path="/v1/*", count=1_000_000)
        project = write_project(Path(folder), own_host=own_host)
        local_engine.stack_init(project, "bench")
        return {name: timed(STEPS[name], project) for name in steps}


def write_project(folder: Path, *, own_host: bool) -> local_engine.Project:
    """A project of one product and many prices."""
    text = PROJECT.format(environment=sys.prefix)
    text += OUR_HOST.format(host=Path(__file__).absolute().parents[1] / "provider") if own_host else ""
    (folder / "Pulumi.yaml").write_text(text, encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "Pulumi.bench.yaml").write_text("config: {}\n", encoding="utf-8")
    return local_engine.load_project(folder)


def timed(operation: Callable[[local_engine.Run], local_engine.Result], project: local_engine.Project) -> float:
    """The seconds that an operation takes; it must succeed."""
    run = local_engine.Run(project, "bench", environ=dict(os.environ), parallel=32)
    began = time.perf_counter()
    result = operation(run)
    assert result.succeeded, result.diagnostics
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
