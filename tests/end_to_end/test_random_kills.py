"""SIGKILL at random points of random operations: what follows ends as if nothing had happened.

`BILLING_KILLS=200 pytest tests/end_to_end/test_random_kills.py` kills 200 times; BILLING_KILLS_SEED chooses others.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.random_kills import Shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import stripe

    from stripe_emulator.client import EmulatorClient

pytestmark = pytest.mark.end_to_end

EACH = 8
"""Kills in one test."""
KILLS = int(os.environ.get("BILLING_KILLS", "16"))
SEED = int(os.environ.get("BILLING_KILLS_SEED", "1"))


@pytest.mark.parametrize("seed", [SEED * 1000 + number for number in range(-(-KILLS // EACH))])
def test_the_next_run_ends_as_if_nothing_had_happened(
    tmp_path: Path,
    stripe_emulator: EmulatorClient,
    client: stripe.StripeClient,
    record_property: Callable[[str, object], None],
    seed: int,
) -> None:
    """Killed once or several times in a row, an operation done again leaves each object once, and nothing to do."""
    shop = Shop.open(tmp_path / "project", stripe_emulator, client, seed)
    with shop.telling():
        while len(shop.log) < EACH:
            shop.disturb(kills=shop.rng.choice([1, 2, 3]))
        shop.end()
    for kill in shop.log:
        record_property("kill", asdict(kill))
