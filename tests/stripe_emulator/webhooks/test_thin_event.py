"""Thin events, fetched through the official client. https://docs.stripe.com/api/v2/core/events"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from stripe_emulator.accounts import Scope
from stripe_emulator.emulator import Emulator
from stripe_emulator.messages import Request
from stripe_emulator.thin_events import announce_thin
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000
METER = {"id": "mtr_1", "object": "billing.meter"}
PING = "v2.core.event_destination.ping"


def thin_destination(client: stripe.StripeClient, *events: str) -> Any:
    """Create a destination for thin events."""
    params: Any = {
        "name": "Thin", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": list(events),
        "webhook_endpoint": {"url": "https://app.example.com/thin"},
    }  # fmt: skip
    return client.v2.core.event_destinations.create(params)


def test_ping_can_be_fetched(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """As it was answered, with its request; it leads to the destination."""
    stripe_emulator.clock.set(NOW)
    destination = thin_destination(client, PING)
    made = client.v2.core.event_destinations.ping(destination.id)
    found: Any = client.v2.core.events.retrieve(made.id)
    assert body(found) == body(made)
    assert body(found)["created"] == "2023-11-14T22:13:20.000Z"
    assert body(found)["reason"]["type"] == "request"
    assert found.fetch_related_object().id == destination.id


def test_what_is_no_thin_event_is_not_found(client: stripe.StripeClient) -> None:
    """Neither a made-up id nor one of the other namespace; and the other namespace does not know a thin one."""
    client.v1.products.create({"name": "Team"})
    fat = client.v1.events.list().data[0]
    for name in ("evt_test_61", fat.id):
        with pytest.raises(stripe.InvalidRequestError, match="The resource wasn't found"):
            client.v2.core.events.retrieve(name)
    ping = client.v2.core.event_destinations.ping(thin_destination(client, PING).id)
    with pytest.raises(stripe.InvalidRequestError, match=f"No such event: '{ping.id}'"):
        client.v1.events.retrieve(ping.id)
    assert [event.id for event in client.v1.events.list().data] == [fat.id]


@pytest.mark.belief("a thin event that nothing but itself tells has its data when it is fetched", "S")
def test_announced_event_has_its_data() -> None:
    """With the meter it is about, and without a request where no request made it."""
    emulator = Emulator()
    call = emulator.begin(Scope("acct_emulator", livemode=False), now=NOW)
    made = announce_thin(call, "v1.billing.meter.error_report_triggered", METER, {"developer_message_summary": "x"})
    emulator.commit(call)
    headers = {"authorization": "Bearer sk_test_emulator", "stripe-version": call.api_version}
    prepared = emulator.prepare(Request("GET", f"/v2/core/events/{made['id']}", headers=headers), "req_1")
    response = emulator.execute(prepared)
    assert (response.status, b'"developer_message_summary": "x"' in response.body) == (200, True)
    assert b'"url": "/v1/billing/meters/mtr_1"' in response.body
    assert b'"reason": null' in response.body
