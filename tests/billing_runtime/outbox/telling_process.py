"""A process that tells Stripe of usage, to be killed in the middle, or to work beside another one."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from billing_runtime import Billing, Reporting


def main() -> None:
    """Do what the settings on the command line say: tell everything that is due, then say how much was looked at."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    now = datetime.fromisoformat(settings.pop("now"))
    reporting = Reporting(api=settings.pop("api"))
    billing = Billing.open(**settings, clock=lambda: now, environ={}, api_key="sk_test_emulator", reporting=reporting)
    print("ready", flush=True)  # noqa: T201 - how the parent hears
    sys.stdin.readline()
    done = 0
    while looked_at := billing._outbox.work():
        done += looked_at
    print(done, flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    main()
