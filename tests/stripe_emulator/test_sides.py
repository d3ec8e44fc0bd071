"""Which side a test asks, and that no live key is ever used."""

from __future__ import annotations

import pytest

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.sides import STRIPE, VARIABLE, side_named


def test_without_a_key_the_skip_is_visible(monkeypatch: pytest.MonkeyPatch, stripe_emulator: EmulatorClient) -> None:
    """Its reason says what was not shown."""
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="STRIPE_TEST_KEY is not set"):
        side_named("real", stripe_emulator)


def test_live_key_is_refused(monkeypatch: pytest.MonkeyPatch, stripe_emulator: EmulatorClient) -> None:
    """No test makes anything in a live account, and the key is not repeated."""
    monkeypatch.setenv(VARIABLE, "sk_live_secret")
    with pytest.raises(pytest.fail.Exception, match="must be a key of test mode") as refused:
        side_named("real", stripe_emulator)
    assert "sk_live_secret" not in str(refused.value)


def test_test_key_leads_to_stripe(monkeypatch: pytest.MonkeyPatch, stripe_emulator: EmulatorClient) -> None:
    """With new names for every test."""
    monkeypatch.setenv(VARIABLE, "rk_test_a")
    one, other = (side_named("real", stripe_emulator) for _ in "ab")
    assert (one.url, one.key, one.suffix == other.suffix) == (STRIPE, "rk_test_a", False)
    assert side_named("emulator", stripe_emulator).suffix == ""
