"""The example application, driven in Chromium as its users do: from signing up to cancelling, on hosted pages."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe
import uvicorn

from billing_runtime import Billing
from examples.saas.app import create_app, opening
from examples.saas.people import People
from stripe_emulator import EmulatorClient
from tests import chromium
from tests.chromium import Person, Window, opened
from tests.end_to_end.project import Project

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]
PORTAL: dict[str, Any] = {
    "business_profile": {"headline": "Alpaca Desk"},
    "features": {"invoice_history": {"enabled": True}, "payment_method_update": {"enabled": True}},
}


@pytest.fixture
def engine() -> str:
    """The engine makes no difference to an application."""
    return "local"


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    """One browser."""
    with asyncio.Runner() as runner:
        opening_ = opened("about:blank", tmp_path / "profile")
        tab = runner.run(opening_.__aenter__())
        yield Window(runner, tab)
        runner.run(opening_.__aexit__(None, None, None))


@pytest.fixture
def shop(project: Project, stripe_emulator: EmulatorClient, tmp_path: Path) -> Iterator[tuple[str, Billing]]:
    """The stack provisioned, its webhooks forwarded to the running application; its address."""
    project.set(billing__overrides={"portal": {"self-service": PORTAL}})
    project.ok("up")
    shown = project.billing(
        "stack", "output", "--json", "--show-secrets", "--stack", "local", "--engine", "local"
    ).stdout
    outputs = json.loads(shown[shown.index("{") :])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        stripe_emulator.forward({"https://app.example.com": base})
        people = People(tmp_path / "people.db")
        billing = Billing.open(
            manifest=outputs["manifest"],
            store=f"sqlite:///{tmp_path}/billing.db",
            api_key=stripe_emulator.key,
            api_base=stripe_emulator.url,
            webhook_secrets=outputs["webhookSecrets"],
            environ={},
            **opening(base, people),
        )
        server = uvicorn.Server(uvicorn.Config(create_app(billing, people, secret="of the test"), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield base, billing
        server.should_exit = True
        thread.join()
        billing.close()


def test_from_signing_up_to_cancelling(
    shop: tuple[str, Billing], window: Window, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Sign up, subscribe on the hosted page, invite, use, see invoices, cancel, keep, join; each webhook arrives."""
    base, billing = shop
    ada = Person(window)
    ada.go(f"{base}/")
    signs_up_and_subscribes(ada)
    invites_and_uses(ada)
    cancels_and_keeps(ada, base)
    another_joins_and_may_not_cancel(ada)
    (customer,) = client.v1.customers.list().data
    organization = customer.to_dict()["metadata"]["billing:entity"]
    billing.seats.sync(organization, [one.id for one in billing.seats.members(organization)])
    (subscription,) = client.v1.subscriptions.list({"status": "all"}).data
    assert [item.quantity for item in subscription["items"].data] == [2]
    stripe_emulator.wait_for_deliveries()
    told = [(one["type"], one["state"], one["attempts"]) for one in stripe_emulator.deliveries()]
    assert told
    assert [one for one in told if one[1] != "delivered"] == []


def signs_up_and_subscribes(ada: Person) -> None:
    """With a test card, on Stripe's page; the way back shows the subscription at once."""
    assert "Work on alpacas together" in ada.text
    ada.fill(name="Ada", email="ada@acme.example", organization="Acme")
    ada.click("Sign up")
    assert "No subscription yet." in ada.text
    assert "1 member" in ada.text
    ada.click("Subscribe to Team")
    assert "14 days free" in ada.text
    ada.click("Visa ·· 4242")
    ada.click("Start trial")
    assert "Plan Team Status trialing" in ada.text
    assert "visa ending in 4242" in ada.text


def invites_and_uses(ada: Person) -> None:
    """A seat is kept for who is invited; tokens are counted; invoices are in the portal."""
    ada.fill(email="ben@acme.example")
    ada.click("Invite")
    assert "1 member, 1 invited" in ada.text
    ada.fill(tokens="123456")
    ada.click("Ask the alpaca")
    assert "123,456 tokens in the last 30 days" in ada.text
    ada.click("Invoices and payment")
    assert "Invoice history" in ada.text


def cancels_and_keeps(ada: Person, base: str) -> None:
    """At the end of the period, and taken back."""
    ada.go(f"{base}/")
    ada.click("Cancel at the end of the period")
    assert "Ends on" in ada.text
    ada.click("Keep the subscription")
    assert "Renews on" in ada.text


def another_joins_and_may_not_cancel(ben: Person) -> None:
    """At the same machine, by the link of the invitation."""
    ben.click("invited")
    ben.fill(name="Ben")
    ben.click("Join")
    assert "Ben ben@acme.example, member" in ben.text
    assert "2 members" in ben.text
    ben.click("Cancel at the end of the period")
    assert "That did not work" in ben.text
    assert "the role 'member' does not include that" in ben.text
