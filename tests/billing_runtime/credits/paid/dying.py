"""A process that works on what came in and tops up, to be killed in the middle."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from billing_runtime import Billing, CreditSettings
from billing_runtime._books.commit import Ledger
from tests.billing_runtime.credits.paid.conftest import TOP_UPS


def main() -> None:
    """Do what the settings on the command line say; with `dies`, stand still before or after the grant is on disk."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    now, dies = datetime.fromisoformat(settings.pop("now")), settings.pop("dies")
    billing = Billing.open(
        **settings, clock=lambda: now, environ={}, api_key="sk_test_emulator", credits=CreditSettings(top_ups=TOP_UPS)
    )
    done = Ledger.do

    def standing_still(ledger: Ledger, operation: Any) -> Any:
        answer = done(ledger, operation) if dies == "after" else None
        print("at the grant", flush=True)  # noqa: T201 - how the parent hears
        sys.stdin.read()
        return answer

    Ledger.do = standing_still  # type: ignore[assignment,method-assign] # nothing else is handed in here
    for key in billing.inbox.processing.due(10):
        billing.inbox.processing.work_on(key)
    billing.credits._carrying_out.sweep()


if __name__ == "__main__":
    main()
