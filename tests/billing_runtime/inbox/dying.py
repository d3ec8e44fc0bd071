"""A process that works on an inbox or takes webhooks in, to be killed in the middle."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any
from wsgiref.simple_server import make_server

from billing_runtime import Billing
from billing_runtime.webhooks import wsgi_app
from tests.billing_runtime.inbox.test_apps import Quiet


def hold(_: object) -> None:
    """A hook that says it was reached, and never ends."""
    print("in the hook", flush=True)  # noqa: T201 - how the parent hears
    sys.stdin.read()


def main() -> None:
    """Do what the settings on the command line say."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    now = datetime.fromisoformat(settings.pop("now"))
    task, hooked = settings.pop("task"), settings.pop("hook", None)
    billing = Billing.open(**settings, clock=lambda: now, environ={}, api_key="sk_test_emulator")
    if hooked:
        billing.on(hooked, hold)
    if task == "serve":
        with make_server("127.0.0.1", 0, wsgi_app(billing, work=False), handler_class=Quiet) as server:
            print(server.server_port, flush=True)  # noqa: T201 - how the parent hears
            server.serve_forever()
    for key in billing.inbox.processing.due(10):
        billing.inbox.processing.work_on(key)


if __name__ == "__main__":
    main()
