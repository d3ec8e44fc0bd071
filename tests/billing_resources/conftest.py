"""Stacks in an emulated Stripe account, driven through a host as Pulumi's engine drives it."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
import stamina
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.hosts import in_process, stock

_PICKLER: Any = pickle._Pickler
_UNWRAPPED = _PICKLER._batch_setitems


@pytest.fixture(autouse=True)
def _one_wrapping() -> Iterator[None]:
    """The SDK wraps this method once more for every provider that it pickles: a process of many tests would run out."""
    yield
    _PICKLER._batch_setitems = _UNWRAPPED


@pytest.fixture
def account(stripe_emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmulatorClient]:
    """An empty account whose key is in the environment; retries do not wait."""
    monkeypatch.setenv("STRIPE_API_KEY", stripe_emulator.key)
    monkeypatch.setenv("STRIPE_API_BASE", stripe_emulator.url)
    with stamina.set_testing(True, attempts=6, cap=True):
        yield stripe_emulator


@pytest.fixture
def client(account: EmulatorClient) -> stripe.StripeClient:
    """The official client of the same account: what a test sees of Stripe."""
    return stripe.StripeClient(account.key, base_addresses={"api": account.url})


@pytest.fixture
def ours(account: EmulatorClient) -> Engine:
    """A stack whose resources our host serves."""
    return Engine(in_process)


@pytest.fixture(params=["ours", "stock"])
def engine(request: pytest.FixtureRequest, account: EmulatorClient) -> Engine:
    """A stack, once on our host and once on Pulumi's stock host."""
    return Engine(in_process if request.param == "ours" else stock)


@pytest.fixture
def first_portal(client: stripe.StripeClient) -> str:
    """The account's first portal configuration: its default for good, and nobody's."""
    return client.v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}}).id
