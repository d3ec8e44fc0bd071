"""Ctrl-C in the middle of an `up`: what is under way is finished and saved, and the next `up` does the rest."""

from __future__ import annotations

import os
import signal
from typing import IO, TYPE_CHECKING

import pytest

from tests.end_to_end.processes import below, wait_for_end

if TYPE_CHECKING:
    import subprocess

    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

SAID = {signal.SIGINT: "^C", signal.SIGTERM: "SIGTERM"}
NUMBERS = pytest.mark.parametrize("number", SAID, ids=lambda number: number.name)


def read_until(stream: IO[str] | None, words: str) -> None:
    """Read lines until one holds the words."""
    assert stream is not None
    assert any(words in line for line in stream)


def interrupt(project: Project, running: subprocess.Popen[str], number: signal.Signals, words: str) -> None:
    """Send a signal as a terminal does it, to everybody in the foreground, or as CI does it; wait for the answer."""
    (os.killpg if number is signal.SIGINT else os.kill)(running.pid, number)
    read_until(running.stderr if project.engine == "local" else running.stdout, f"{SAID[number]} received; {words}")


@NUMBERS
def test_an_interruption_ends_in_good_order(
    project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient, number: signal.Signals
) -> None:
    """Exit code 1, no traceback, no process left; the product that was under way is in the state; then up finishes."""
    pause = stripe_emulator.pause_next("before", method="POST", path="/v1/products")
    running = project.begin("up")
    pause.wait_until_reached()
    started = below(running.pid)
    interrupt(project, running, number, "cancelling")
    pause.release()
    said = "".join(running.communicate())
    assert running.returncode == 1
    assert "Traceback" not in said
    assert "update canceled" in said or project.engine == "pulumi", "the CLI does not always say it"
    wait_for_end(started)
    finishes(project, client)


@NUMBERS
def test_the_second_interruption_ends_at_once(
    project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient, number: signal.Signals
) -> None:
    """Exit code 8, no process and no lock is left although Stripe has not answered; then up makes each object once."""
    pause = stripe_emulator.pause_next("after", method="POST", path="/v1/products")
    running = project.begin("up")
    pause.wait_until_reached()
    started = below(running.pid)
    interrupt(project, running, number, "cancelling")
    interrupt(project, running, number, "terminating")
    running.communicate()
    assert running.returncode == 8
    wait_for_end(started)
    stripe_emulator.clear_faults()
    assert "interrupted while creating" in project.ok("up")
    assert len(client.v1.products.list({"active": True}).data) == 3


def finishes(project: Project, client: stripe.StripeClient) -> None:
    """What was made is known, nothing more had been begun, and the next run makes each object once."""
    made = [one["type"].rpartition(":")[2] for one in project.resources() if "dynamic/stripe" in one["type"]]
    assert "Product" in made
    assert "Price" not in made
    project.ok("up")
    assert len(client.v1.products.list({"active": True}).data) == 3
    assert len(client.v1.prices.list({"active": True}).data) == 6
