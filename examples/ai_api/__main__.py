"""Run the API: `python -m examples.ai_api --stack local`; the README here says what runs beside it."""

from __future__ import annotations

import argparse
import os

import uvicorn

from billing_runtime import Billing, BillingError
from examples.ai_api.app import create_app
from examples.ai_api.model import answer

STORE = "sqlite:///.billing/ai_api.db"


def main() -> None:
    """Open the stack, report usage in the background, and serve."""
    parser = argparse.ArgumentParser(prog="examples.ai_api")
    parser.add_argument("--stack", default="local")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    with Billing.open(stack=options.stack, store=os.environ.get("BILLING_STORE", STORE)) as billing:
        billing.worker().start()
        uvicorn.run(create_app(billing, answer), host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    try:
        main()
    except BillingError as error:
        raise SystemExit(f"error: {error}") from None
