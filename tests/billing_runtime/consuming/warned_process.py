"""A process whose worker tells of thresholds, to work beside another one, or to be killed while it does."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from billing_runtime import Billing

if TYPE_CHECKING:
    from billing_runtime import ThresholdReached


def main() -> None:
    """Do everything that is due, and say each threshold that is told; with `hold`, only the first."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    now, hold = datetime.fromisoformat(settings.pop("now")), settings.pop("hold")
    billing = Billing.open(**settings, clock=lambda: now, environ={}, api_key="sk_test_emulator")

    @billing.on_threshold
    def say(reached: ThresholdReached) -> None:
        print(json.dumps([reached.entity_id, reached.percent]), flush=True)  # noqa: T201 - how the parent hears
        if hold:
            sys.stdin.readline()

    print("ready", flush=True)  # noqa: T201 - the same
    sys.stdin.readline()
    billing.worker().once()
    billing.close()


def run(settings: dict[str, Any]) -> subprocess.Popen[str]:
    """Start it; it waits until it may begin."""
    command = [sys.executable, "-m", "tests.billing_runtime.consuming.warned_process", json.dumps(settings)]
    process = subprocess.Popen(command, stdin=-1, stdout=-1, text=True)
    assert said(process) == "ready"
    return process


def said(process: subprocess.Popen[str]) -> str:
    """The next line of a process."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def begin(process: subprocess.Popen[str]) -> None:
    """Let it begin, or go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


if __name__ == "__main__":
    main()
