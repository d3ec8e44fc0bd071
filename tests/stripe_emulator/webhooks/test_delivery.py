"""Deliveries of webhooks to a real receiver. https://docs.stripe.com/webhooks"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.webhooks.conftest import APP
from tests.stripe_emulator.webhooks.receiving import Receiver, receiving

Endpoint = Callable[..., stripe.WebhookEndpoint]
NOW = 1_700_000_000


def team(client: stripe.StripeClient, name: str = "Team") -> stripe.Product:
    """Make an event."""
    return client.v1.products.create({"name": name})


@pytest.mark.belief(
    "a delivery is the event as JSON, signed with the endpoint's secret at the moment it is sent", "D S"
)
def test_delivery_is_the_event_signed(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """The official client accepts the signature of now, though the emulator's clock stands in another year."""
    stripe_emulator.clock.set(NOW)
    secret = endpoint().secret or ""
    product = team(client)
    stripe_emulator.wait_for_deliveries()
    (one,) = receiver.received
    event = client.construct_event(one.body, one.signature, secret)
    assert (event.type, event.data.object.id, event.created) == ("product.created", product.id, NOW)
    assert event.id == client.v1.events.list().data[0].id
    assert (one.path, one.headers["content-type"]) == ("/hook", "application/json; charset=utf-8")
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(one.body, one.signature, "whsec_other")


def test_endpoint_gets_what_it_wants(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """Its own list of types, at its own address."""
    endpoint(url=f"{APP}/coupons", enabled_events=["coupon.created"])
    endpoint(url=f"{APP}/all?x=1")
    team(client)
    client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    stripe_emulator.wait_for_deliveries()
    found = sorted((one.path, one.event["type"]) for one in receiver.received)
    assert found == [
        ("/all?x=1", "coupon.created"), ("/all?x=1", "product.created"), ("/coupons", "coupon.created"),
    ]  # fmt: skip


@pytest.mark.belief("an endpoint gets events in its own API version, whatever version made them", "D")
def test_endpoint_has_its_own_version(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """Products had features where they have marketing features now, also in what was before."""
    old = endpoint(url=f"{APP}/old", enabled_events=["product.updated"], api_version="2023-10-16")
    endpoint(url=f"{APP}/new", enabled_events=["product.updated"])
    features: Any = {"marketing_features": [{"name": "Fast"}]}
    client.v1.products.update(team(client).id, features)
    stripe_emulator.wait_for_deliveries()
    by_path = {one.path: one for one in receiver.received}
    client.construct_event(by_path["/old"].body, by_path["/old"].signature, old.secret)
    shown = by_path["/old"].event
    assert (shown["api_version"], shown["data"]["object"]["features"]) == ("2023-10-16", [{"name": "Fast"}])
    assert shown["data"]["previous_attributes"]["features"] == []
    shown = by_path["/new"].event
    assert (shown["api_version"], "features" in shown["data"]["object"]) == ("2026-10-28.endive", False)
    assert shown["data"]["previous_attributes"]["marketing_features"] == []


@pytest.mark.belief("a disabled or deleted endpoint gets nothing; what it missed is not sent later", "D")
def test_disabled_and_deleted_endpoints_get_nothing(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """Enabled again, it gets what happens from then on."""
    off, gone = endpoint(), endpoint()
    client.v1.webhook_endpoints.update(off.id, {"disabled": True})
    client.v1.webhook_endpoints.delete(gone.id)
    team(client, "unseen")
    client.v1.webhook_endpoints.update(off.id, {"disabled": False})
    team(client, "seen")
    stripe_emulator.wait_for_deliveries()
    assert [one.event["data"]["object"]["name"] for one in receiver.received] == ["seen"]


@pytest.mark.belief("`pending_webhooks` counts the endpoints that have not got an event yet", "S D")
def test_pending_webhooks_counts_down(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """From two while both are held, to none when both have answered; the filter of the list follows."""
    endpoint()
    endpoint()
    receiver.gate.clear()
    team(client)
    event = client.v1.events.list().data[0]
    assert event.pending_webhooks == 2
    assert [one.id for one in client.v1.events.list({"delivery_success": False})] == [event.id]
    receiver.gate.set()
    stripe_emulator.wait_for_deliveries()
    assert client.v1.events.retrieve(event.id).pending_webhooks == 0
    assert client.v1.events.list({"delivery_success": False}).data == []
    assert [one.id for one in client.v1.events.list({"delivery_success": True})] == [event.id]


def test_nothing_leaves_for_an_address_that_is_not_in_the_table(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, endpoint: Endpoint
) -> None:
    """The log says so, and the event stays undelivered; once there is a line, it can be sent again."""
    target = endpoint(url="https://elsewhere.example.com/hook")
    team(client)
    stripe_emulator.wait_for_deliveries()
    (one,) = stripe_emulator.deliveries()
    assert (one["state"], one["attempts"], one["endpoint"]) == ("unsent", [], target.id)
    event = client.v1.events.list({"delivery_success": False}).data[0]
    with receiving() as receiver:
        stripe_emulator.forward({"https://elsewhere.example.com": receiver.url})
        stripe_emulator.resend(event.id)
        stripe_emulator.wait_for_deliveries()
        assert receiver.ids == [event.id]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"app.example.com": "http://127.0.0.1:1"}, "'app.example.com' is no address"),
        ({APP: "127.0.0.1:1"}, "'127.0.0.1:1' is no address"),
        ({APP: "http://127.0.0.1:x"}, "is no address"),
        ({APP: 5}, "5 is no address"),
        ({f"{APP}?a=b": "http://127.0.0.1:1"}, "without a query"),
    ],
)
def test_bad_line_is_refused(stripe_emulator: EmulatorClient, table: dict[str, Any], sentence: str) -> None:
    """In one sentence, and the table stays as it was."""
    with pytest.raises(ValueError, match=sentence):
        stripe_emulator.forward({"https://fine.example.com": "http://127.0.0.1:1", **table})
    assert stripe_emulator.call("GET", "/forward") == {"forward": {}}


def test_longest_line_counts(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """A line may stand for a part of the addresses of a host; a name that only begins alike does not fit."""
    with receiving() as billing:
        stripe_emulator.forward({f"{APP}/billing": f"{billing.url}/in"})
        endpoint(url=f"{APP}/billing/hook")
        endpoint(url=f"{APP}/billings")
        team(client)
        stripe_emulator.wait_for_deliveries()
        assert [one.path for one in billing.received] == ["/in/hook"]
        assert [one.path for one in receiver.received] == ["/billings"]


def test_accounts_and_modes_share_no_deliveries(
    connect: Callable[[str], stripe.StripeClient], stripe_emulator: EmulatorClient, receiver: Receiver
) -> None:
    """Each endpoint hears of its own account and mode, and the log tells them apart."""
    for key in ("sk_test_emulator", "sk_live_emulator", "sk_test_other"):
        params: Any = {"url": f"{APP}/{key[3:]}", "enabled_events": ["*"]}
        connect(key).v1.webhook_endpoints.create(params)
        team(connect(key), key)
    stripe_emulator.wait_for_deliveries()
    found = {one.path: one.event["data"]["object"]["name"] for one in receiver.received}
    assert found == {
        "/test_emulator": "sk_test_emulator", "/live_emulator": "sk_live_emulator", "/test_other": "sk_test_other",
    }  # fmt: skip
    (live,) = stripe_emulator.deliveries(livemode="true")
    assert (live["account"], live["state"]) == ("acct_emulator", "delivered")
    assert len(stripe_emulator.deliveries(account="acct_emulator")) == 2
    with pytest.raises(ValueError, match="deliveries have no colour"):
        stripe_emulator.deliveries(colour="red")


@pytest.mark.belief("while a secret is rolled, the old one signs beside the new one until it expires", "D")
def test_rolled_secret_signs_beside_the_old_one(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """For as long as was asked, by the emulator's clock."""
    stripe_emulator.clock.set(NOW)
    target = endpoint()
    fresh = stripe_emulator.roll_secret(target.id, expires_in=3600)
    team(client)
    stripe_emulator.clock.advance(3600)
    team(client)
    stripe_emulator.wait_for_deliveries()
    both, later = receiver.received
    for secret in (target.secret, fresh):
        client.construct_event(both.body, both.signature, secret)
    client.construct_event(later.body, later.signature, fresh)
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(later.body, later.signature, target.secret)


@pytest.mark.belief("an event can be sent again to an endpoint, also one that has got it", "D")
def test_event_is_sent_again(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """To the endpoint that is named, even one that did not exist at the time; else to everybody who wants it."""
    endpoint()
    team(client)
    event = client.v1.events.list().data[0]
    late = endpoint(url=f"{APP}/late", enabled_events=["coupon.created"])
    stripe_emulator.resend(event.id, late.id)
    stripe_emulator.resend(event.id)
    stripe_emulator.wait_for_deliveries()
    assert sorted((one.path, one.event["id"]) for one in receiver.received) == [
        ("/hook", event.id), ("/hook", event.id), ("/late", event.id),
    ]  # fmt: skip
    client.v1.webhook_endpoints.update(late.id, {"disabled": True})
    for name, endpoint_id, sentence in (
        ("evt_no", None, "there is no event evt_no"),
        (event.id, "we_no", "there is no endpoint we_no"),
        (event.id, late.id, f"the endpoint {late.id} is disabled"),
    ):
        with pytest.raises(ValueError, match=sentence):
            stripe_emulator.resend(name, endpoint_id)


def test_reset_forgets_deliveries_that_are_on_their_way(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """Nothing of them is written into the state after it, and new ones go their way."""
    endpoint()
    receiver.gate.clear()
    team(client, "before")
    receiver.arrived.acquire()
    stripe_emulator.reset()
    assert stripe_emulator.deliveries() == []
    receiver.gate.set()
    stripe_emulator.forward({APP: receiver.url})
    endpoint()
    team(client, "after")
    stripe_emulator.wait_for_deliveries()
    assert [one["state"] for one in stripe_emulator.deliveries()] == ["delivered"]
    assert [one.event["data"]["object"]["name"] for one in receiver.received] == ["before", "after"]
