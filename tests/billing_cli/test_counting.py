"""The key, the address, the pace and the progress bar of a counting come from where the commands have theirs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import stripe
from rich.console import Console

from billing_cli.counting import bound_of, counted
from billing_cli.preflight import stripe_settings
from billing_review.steps import Change, Source, Step
from stripe_emulator import EmulatorClient


@pytest.fixture
def seat(stripe_emulator: EmulatorClient) -> str:
    """A price with two seats sold."""
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    product = client.v1.products.create({"name": "Team"})
    data: Any = {"product": product.id, "currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}}
    price = client.v1.prices.create(data)
    card: Any = {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    customer = client.v1.customers.create(card)
    client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id, "quantity": 2}]})
    return price.id


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, stripe_emulator: EmulatorClient, tmp_path: Path) -> Path:
    """The emulator's key and address, and a cache of the test's own."""
    monkeypatch.setenv("STRIPE_API_KEY", stripe_emulator.key)
    monkeypatch.setenv("STRIPE_API_BASE", stripe_emulator.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def about(price: str) -> Change:
    """A plan that replaces the price."""
    return Change(
        Source("plan", account="acct_emulator", livemode=False), (Step("Price", "seat", "replace", object_id=price),)
    )


def test_counts_with_the_key_of_the_environment(seat: str, environment: Path, stripe_emulator: EmulatorClient) -> None:
    """Who is on the price is known, and a second time from the cache, unless it has to be fresh."""
    counting, affected = counted(about(seat), {})
    assert (counting.status, affected["Price", "seat"].seats) == ("counted", 2)
    assert counted(about(seat), {})[0].calls == 1
    assert counted(about(seat), {}, fresh=True)[0].calls == 3
    assert list((environment / "billing" / "counts").iterdir())


def test_without_a_key_nobody_looks(seat: str, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report says that it did not look, and nothing is asked."""
    monkeypatch.delenv("STRIPE_API_KEY")
    counting, affected = counted(about(seat), {})
    assert (counting.status, affected) == ("not_asked", {})
    assert counting.sentence == "Nobody looked who is affected: no Stripe key was given."


def test_key_of_another_mode_is_refused_at_once(
    seat: str, environment: Path, stripe_emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack's own guard speaks before any request."""
    stripe_emulator.clear_requests()
    counting, _ = counted(about(seat), {"stripe:mode": "live"})
    assert counting.status == "refused"
    assert counting.sentence.startswith("Nobody was counted: ")
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_emulator")
    assert counted(about(seat), {})[0].status == "refused"
    assert stripe_emulator.count() == 0


def test_calls_are_bounded(seat: str, environment: Path, stripe_emulator: EmulatorClient) -> None:
    """The most is what the command says."""
    assert counted(about(seat), {}, calls=1)[0].sentence == ("Nobody was counted: it stopped at its bound of 1 call.")


def test_pace_is_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's limit is not used up, the stack's own lower one is kept, and an emulator has none."""
    monkeypatch.delenv("STRIPE_API_BASE", raising=False)
    monkeypatch.setenv("STRIPE_API_KEY", "rk_live_1")
    assert bound_of(stripe_settings({})).per_second == 20
    assert bound_of(stripe_settings({"stripe:rateLimit": "5"})).per_second == 5
    assert bound_of(stripe_settings({}), 10).calls == 10
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:1")
    assert bound_of(stripe_settings({})).per_second is None


def test_bar_only_where_somebody_watches(seat: str, environment: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A terminal shows the calls made and expected; a pipe shows nothing at all."""
    counted(about(seat), {}, fresh=True)
    assert capfd.readouterr() == ("", "")
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100)
    counted(about(seat), {}, fresh=True, errors=terminal)
    assert "Counting customers" in terminal.file.getvalue()  # type: ignore[attr-defined]


def test_retries_are_not_logged(
    seat: str, environment: Path, stripe_emulator: EmulatorClient, caplog: pytest.LogCaptureFixture
) -> None:
    """What was repeated and worked is nobody's business."""
    stripe_emulator.fail_next(429)
    assert counted(about(seat), {}, fresh=True)[0].calls == 4
    assert not caplog.records
