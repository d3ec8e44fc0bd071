"""`billing emulator`: Stripe, pretended, on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from billing_cli.emulated import HOME


@click.command()
@click.option("--port", type=int, default=12111, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--data", type=click.Path(dir_okay=False), help="A file that keeps everything; memory when absent.")
@click.option("--clock", help="The time it is there (ISO or unix); the real time when absent.")
@click.option("--deterministic-ids", is_flag=True, help="Ids that count up, for golden files.")
@click.option("--record", type=click.Path(file_okay=False), help="A folder for the requests that are granted.")
@click.option("--forward", multiple=True, metavar="PUBLIC=LOCAL", help="Deliver what is for an address to another.")
def emulator(
    *,
    port: int,
    host: str,
    data: str | None,
    clock: str | None,
    deterministic_ids: bool,
    record: str | None,
    forward: tuple[str, ...],
) -> None:
    """Run the emulated Stripe until it is interrupted."""
    if data and Path(data).parent == HOME:  # a clone does not have it, and its name is no slip of the pen
        HOME.mkdir(exist_ok=True)
    arguments = ["--port", str(port), "--host", host]
    arguments += ["--data", data] if data else []
    arguments += ["--clock", clock] if clock else []
    arguments += ["--deterministic-ids"] if deterministic_ids else []
    arguments += ["--record", record] if record else []
    arguments += [part for line in forward for part in ("--forward", line)]
    os.execv(sys.executable, [sys.executable, "-m", "stripe_emulator", *arguments])  # noqa: S606 - our own module
