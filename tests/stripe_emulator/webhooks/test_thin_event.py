"""Thin events, fetched through the official client. https://docs.stripe.com/api/v2/core/events"""

from __future__ import annotations

import json
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from stripe_emulator.accounts import Scope
from stripe_emulator.clock import Clock
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
    emulator = Emulator(clock=Clock(NOW))
    call = emulator.begin(Scope("acct_emulator", livemode=False), now=NOW)
    made = announce_thin(call, "v1.billing.meter.error_report_triggered", METER, {"developer_message_summary": "x"})
    emulator.commit(call)
    headers = {"authorization": "Bearer sk_test_emulator", "stripe-version": call.api_version}
    prepared = emulator.prepare(Request("GET", f"/v2/core/events/{made['id']}", headers=headers), "req_1")
    response = emulator.execute(prepared)
    assert (response.status, b'"developer_message_summary": "x"' in response.body) == (200, True)
    assert b'"url": "/v1/billing/meters/mtr_1"' in response.body
    assert b'"reason": null' in response.body


@pytest.mark.belief("an event of a v1 object has a thin one with `v1.` before its type, which names it (ids: M)", "S D")
def test_event_has_a_thin_twin(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Both namespaces tell the same; the thin one says what changed and leads to the object."""
    client.v1.products.update(product.id, {"name": "Crew"})
    fat, thin = client.v1.events.list().data[0], client.v2.core.events.list().data[0]
    shown: Any = body(client.v2.core.events.retrieve(thin.id))
    assert (fat.type, thin.type, thin.snapshot_event) == ("product.updated", "v1.product.updated", fat.id)
    assert shown["related_object"] == {"id": product.id, "type": "product", "url": f"/v1/products/{product.id}"}
    assert (shown["changes"]["before"]["name"], shown["changes"]["after"]["name"]) == ("Team", "Crew")
    assert shown["reason"]["request"]["id"] == (fat.request.id if fat.request else "")
    fetched: Any = thin
    assert fetched.fetch_related_object().name == "Crew"


def test_list_is_read_in_both_directions(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Newest first, with the addresses of the pages around, and the client walks them by itself."""
    destination = thin_destination(client, PING)
    for number in range(3):
        client.v1.products.create({"name": str(number)})
        client.v2.core.event_destinations.ping(destination.id)
    types = ["v2.core.event_destination.ping", "v1.product.created"] * 3
    every = client.v2.core.events.list()
    assert [event.type for event in every.data] == types
    first: Any = client.v2.core.events.list({"limit": 2})
    assert (first.next_page_url is not None, first.previous_page_url) == (True, None)
    assert [event.id for event in first.auto_paging_iter()] == [event.id for event in every.data]
    second: Any = client.raw_request("get", first.next_page_url)
    pages = [body_of_raw(second)]
    pages.append(body_of_raw(client.raw_request("get", pages[0]["next_page_url"])))
    assert pages[1]["next_page_url"] is None
    back = body_of_raw(client.raw_request("get", pages[1]["previous_page_url"]))
    assert [event["id"] for event in back["data"]] == [event["id"] for event in pages[0]["data"]]
    start = body_of_raw(client.raw_request("get", back["previous_page_url"]))
    assert [event["id"] for event in start["data"]] == [event.id for event in first.data]
    assert start["previous_page_url"] is None
    assert stripe_emulator.count(route="GET /v2/core/events") == 8


def body_of_raw(answer: Any) -> dict[str, Any]:
    """Return the body of an answer that no object came in."""
    return dict(json.loads(answer.body))


@pytest.mark.belief("thin events are found by type, object and time (words: M)", "S")
def test_list_is_filtered(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """And the pages have the filters, too."""
    stripe_emulator.clock.set(NOW)
    team, _ = (client.v1.products.create({"name": name}) for name in ("Team", "Crew"))
    stripe_emulator.clock.set(NOW + 1)
    client.v1.products.update(team.id, {"name": "Squad"})

    def types(**filters: Any) -> list[str]:
        params: Any = {"limit": 1, **filters}
        return [event.type for event in client.v2.core.events.list(params).auto_paging_iter()]

    assert types(object_id=team.id) == ["v1.product.updated", "v1.product.created"]
    assert types(types=["v1.product.created", "v1.price.created"]) == ["v1.product.created"] * 2
    assert types(created={"gt": "2023-11-14T22:13:20Z"}) == ["v1.product.updated"]
    assert (
        types(created={"gte": "2023-11-14T22:13:20Z", "lt": "2023-11-14T22:13:21.000Z"}) == ["v1.product.created"] * 2
    )


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        ({"types": ["product.created"]}, r"types\[0\]: Unrecognized enum value 'product.created'"),
        ({"types": [PING] * 21}, "types: Must have at most 20 elements"),
        ({"created": {"gt": "yesterday"}}, "created.gt: Expected an RFC 3339 timestamp"),
        ({"limit": 0}, "limit: Must be between 1 and 100"),
        ({"page": "x"}, "page: Unrecognized page token"),
        ({"page": "YWZ0ZXI6ZXZ0X25v"}, "page: Unrecognized page token"),
    ],
)
def test_odd_filter_is_refused(client: stripe.StripeClient, filters: Any, problem: str) -> None:
    """With the field it is about."""
    with pytest.raises(stripe.InvalidRequestError, match=problem):
        client.v2.core.events.list(filters)
