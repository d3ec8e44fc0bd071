#!/usr/bin/env python3
"""Write billing_resources/_engine/webhook_events.json: the events that Stripe knows, read from the installed package.

Run `script/generate_events.py` after an update of the package; `--check` only says whether the file is up to date.
"""

import json
import sys
from pathlib import Path
from typing import Any, get_args

import stripe
from stripe.params import WebhookEndpointCreateParams, WebhookEndpointUpdateParams
from typing_extensions import get_type_hints

TARGET = Path(__file__).resolve().parent.parent / "billing_resources" / "_engine" / "webhook_events.json"


def main() -> int:
    """Write the file, or with --check say whether it is what would be written."""
    text = render()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is out of date: run script/generate_events.py")
    return 1


def render() -> str:
    """One event per line, so that a change of the package reads as a short diff."""
    known = {*events_of(WebhookEndpointCreateParams), *events_of(WebhookEndpointUpdateParams)} - {"*"}
    return json.dumps({"api_version": stripe.api_version, "events": sorted(known)}, indent=1) + "\n"


def events_of(params: Any) -> list[str]:
    """The events that one of the package's parameter types names; they may grow, so `str` stands beside them."""
    hint = get_type_hints(params, localns={"StripeContext": object, "Mapping": dict}, include_extras=True)[
        "enabled_events"
    ]
    return [one for one in _literals(hint) if isinstance(one, str)]


def _literals(hint: Any) -> list[Any]:
    parts = get_args(hint)
    return [one for part in parts for one in (_literals(part) if get_args(part) else [part])]


if __name__ == "__main__":
    raise SystemExit(main())
