"""Guards on keys, modes, addresses and accounts: one sentence, no request, and never a key in a message."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.programs import product

TEST, LIVE = "sk_test_emulator", "sk_live_emulator"
REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "live key on a test stack": (
        LIVE,
        {"stripe:mode": "test"},
        "the Stripe API key is a live key, but stripe:mode of this stack is test: use a test key, or another stack",
    ),
    "restricted live key on a test stack": (
        "rk_live_emulator",
        {"stripe:mode": "test"},
        "the Stripe API key is a live",
    ),
    "test key on a live stack": (
        TEST,
        {"stripe:mode": "live"},
        "the Stripe API key is a test key, but stripe:mode of this stack is live: use a live key, or another stack",
    ),
    "live key with a foreign base": (
        LIVE,
        {},
        "a live key is only ever sent to https://api.stripe.com, not to http://127.0.0.1: unset STRIPE_API_BASE",
    ),
    "organization key with a foreign base": (
        "sk_org_emulator",
        {},
        "a live key is only ever sent to https://api.stripe",
    ),
    "malformed key": ("pk_test_emulator", {}, "the Stripe API key must begin with sk_test_, sk_live_, rk_test_"),
    "unknown mode": (TEST, {"stripe:mode": "sandbox"}, "stripe:mode must be test or live, not 'sandbox'"),
    "bad rate limit": (
        TEST,
        {"stripe:rateLimit": "0"},
        "stripe:rateLimit must be a whole number of requests in a second",
    ),
    "no key": ("", {}, "no Stripe API key: set STRIPE_API_KEY in the environment, or run `pulumi config set --secret"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_any_request(
    case: str, engine: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what does not fit and what to do; the key is not in it, and nothing went out."""
    key, config, sentence = REFUSED[case]
    monkeypatch.setenv("STRIPE_API_KEY", key)
    engine.config = dict(config)
    with pytest.raises(Refused) as refused:
        engine.up(product())
    assert sentence in str(refused.value)
    assert "emulator" not in str(refused.value)
    assert account.requests() == []


@pytest.mark.parametrize("config", [{}, {"stripe:mode": "test"}, {"stripe:account": "acct_emulator"}])
def test_what_fits_passes(config: dict[str, str], ours: Engine) -> None:
    """Nothing configured, the right mode and the right account are fine."""
    ours.config = dict(config)
    assert ours.up(product()) == {"Product.team": "create"}


def test_the_key_from_the_configuration(
    engine: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the environment the stack's secret configuration is used."""
    monkeypatch.delenv("STRIPE_API_KEY")
    monkeypatch.delenv("STRIPE_API_BASE")
    engine.config = {"stripe:apiKey": account.key, "stripe:apiBase": account.url}
    assert engine.up(product()) == {"Product.team": "create"}


def test_a_preview_needs_no_key(ours: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reviewers have no keys."""
    monkeypatch.delenv("STRIPE_API_KEY")
    assert ours.preview(product()) == {"Product.team": "create"}
    assert account.requests() == []


def test_the_configured_account(engine: Engine, account: EmulatorClient) -> None:
    """A key of another account than the stack's is refused after the one account request."""
    engine.config = {"stripe:account": "acct_production"}
    sentence = (
        "the key belongs to acct_emulator, but stripe:account of the stack says acct_production: use that account"
    )
    with pytest.raises(Refused, match=sentence):
        engine.up(product())
    assert account.counts() == {"GET /v1/account": 1}


@pytest.mark.parametrize("operation", ["up", "destroy", "refresh"])
def test_the_account_in_the_state(
    operation: str, engine: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of another account touches nothing that the state knows from its own."""
    engine.up(product())
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_other")
    account.clear_requests()
    program = (product(name="Another"),) if operation == "up" else ()
    with pytest.raises(Refused, match="the key belongs to acct_other, but the stack's state says acct_emulator: use"):
        getattr(engine, operation)(*program)
    assert account.counts() == {"GET /v1/account": 1}


def test_a_key_that_stripe_refuses(ours: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's answer quotes a part of the key; ours does not."""
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test__wrong_secretpart")
    with pytest.raises(Refused) as refused:
        ours.up(product())
    assert "Stripe does not accept the API key; check STRIPE_API_KEY" in str(refused.value)
    assert "sk_test" not in str(refused.value).replace("STRIPE_API_KEY", "")


def test_nobody_answers(ours: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulator that is not running is one sentence, not the SDK's several lines."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("STRIPE_API_BASE", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(Refused, match="Stripe cannot be reached; check the network and STRIPE_API_BASE"):
            ours.up(product())


def test_both_environment_and_configuration(ours: Engine, account: EmulatorClient, monkeypatch: Any) -> None:
    """The environment wins, as the documentation says."""
    ours.config = {"stripe:apiKey": "sk_test_other"}
    ours.up(product())
    assert ours.of("Product.team").outputs["account"] == "acct_emulator"


def test_nothing_new_in_another_account(engine: Engine, account: EmulatorClient, monkeypatch: Any) -> None:
    """Nor is anything new made there beside objects that the state knows from its own account."""
    engine.up(product())
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_other")
    with pytest.raises(Refused, match="the key belongs to acct_other, but the stack's state says acct_emulator"):
        engine.up(product(), product("second"))
    assert account.count(account="acct_other", method="POST") == 0
