"""Run the application: `python -m examples.saas --stack local`; the README here says what runs beside it."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path

import uvicorn

from billing_runtime import Billing, BillingError
from examples.saas.app import create_app, opening
from examples.saas.people import People

HOME = Path(".billing/saas")


def main() -> None:
    """Open the stack, and serve."""
    parser = argparse.ArgumentParser(prog="examples.saas")
    parser.add_argument("--stack", default="local")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    HOME.mkdir(parents=True, exist_ok=True)
    store = os.environ.get("SAAS_STORE", f"sqlite:///{HOME}/billing.db")
    people = People(HOME / "people.db")
    told = opening(f"http://127.0.0.1:{options.port}", people)
    with Billing.open(stack=options.stack, store=store, **told) as billing:
        app = create_app(billing, people, secret=os.environ.get("SAAS_SECRET", secrets.token_hex()))
        uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    try:
        main()
    except BillingError as error:
        raise SystemExit(f"error: {error}") from None
