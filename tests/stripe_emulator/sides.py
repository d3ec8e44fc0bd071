"""Where a test asks: the emulator, or a real test account of Stripe's for those marked `real_stripe`."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass

import pytest

from stripe_emulator import EmulatorClient

VARIABLE = "STRIPE_TEST_KEY"
STRIPE = "https://api.stripe.com"
SIDES = ("emulator", "real")
SKIPPED = f"{VARIABLE} is not set: what is marked real_stripe was shown on the emulator only"


@dataclass(frozen=True)
class Side:
    """An address with a key; names that must be new on a real account get the suffix, which is empty here."""

    url: str
    key: str
    suffix: str = ""


def side_named(name: str, emulator: EmulatorClient) -> Side:
    """Return a side, or skip where there is no key of a test account; a live key is never used."""
    if name == "emulator":
        return Side(emulator.url, emulator.key)
    key = os.environ.get(VARIABLE, "")
    if not key:
        pytest.skip(SKIPPED)
    if not key.startswith(("sk_test_", "rk_test_")):
        pytest.fail(f"{VARIABLE} must be a key of test mode: sk_test_… or rk_test_…", pytrace=False)
    return Side(STRIPE, key, f"_{secrets.token_hex(4)}")
