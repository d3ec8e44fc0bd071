"""Events through the official client. https://docs.stripe.com/api/events"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000
DAY = 86400


def types(client: stripe.StripeClient, **filters: Any) -> list[str]:
    """Return the types of the events, newest first."""
    params: Any = {"limit": 100, **filters}
    return [event.type for event in client.v1.events.list(params).data]


def test_event_is_shown_as_stripe_shows_it(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """With the object as it is, what it was, and the request that did it."""
    stripe_emulator.clock.set(NOW)
    product = client.v1.products.create({"name": "Team", "metadata": {"a": "1", "b": "2"}})
    stripe_emulator.clock.set(NOW + 5)
    key: Any = {"idempotency_key": "once"}
    changed: Any = client.v1.products.update(product.id, {"name": "Crew", "metadata": {"a": "3"}}, key)
    event = client.v1.events.list().data[0]
    assert body(client.v1.events.retrieve(event.id)) == {
        "id": event.id, "object": "event", "api_version": "2026-10-28.endive", "created": NOW + 5, "livemode": False,
        "data": {
            "object": body(changed),
            "previous_attributes": {"metadata": {"a": "1"}, "name": "Team", "updated": NOW},
        },
        "pending_webhooks": 0, "type": "product.updated",
        "request": {"id": changed.last_response.request_id, "idempotency_key": "once"},
    }  # fmt: skip


@pytest.mark.belief("what changes nothing makes no event, nor does what is refused", "M")
def test_nothing_happens_without_a_change(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Nor when an answer is only given again."""
    key: Any = {"idempotency_key": "once"}
    for _ in range(2):
        client.v1.coupons.create({"percent_off": 5, "duration": "once"}, key)
    client.v1.products.update(product.id, {"metadata": {}})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.products.update(product.id, {"default_price": "price_no"})
    assert types(client) == ["coupon.created", "product.created"]


@pytest.mark.belief("a recurring price is a plan, too, whose events come first (order: M)", "I")
def test_recurring_price_is_also_a_plan(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """With the plan as their object; a price that is paid once is none."""
    client.v1.prices.update(seat.id, {"nickname": "Seat"})
    once = client.v1.prices.create({"product": str(seat.product), "currency": "usd", "unit_amount": 5})
    assert types(client) == [
        "price.created", "price.updated", "plan.updated", "price.created", "plan.created", "product.created",
    ]  # fmt: skip
    changed, made = (event.data for event in client.v1.events.list({"type": "plan.*"}).data)
    assert (made.object["object"], made.object["id"], made.object["interval"]) == ("plan", seat.id, "month")
    assert changed.previous_attributes is not None
    assert (changed.previous_attributes.to_dict(), once.type) == ({"nickname": None}, "one_time")


def test_promotion_code_has_events(client: stripe.StripeClient) -> None:
    """Created, then changed; its coupon is not changed by it."""
    coupon = client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    code: Any = {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING"}
    made = client.v1.promotion_codes.create(code)
    client.v1.promotion_codes.update(made.id, {"active": False})
    assert types(client) == ["promotion_code.updated", "promotion_code.created", "coupon.created"]


@pytest.mark.belief("events are found by one type, by several, by a beginning and an asterisk", "D")
def test_list_is_filtered(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """By time as well, and pages keep their order in both directions."""
    stripe_emulator.clock.set(NOW)
    product = client.v1.products.create({"name": "0"})
    for second in range(1, 4):
        stripe_emulator.clock.set(NOW + second)
        client.v1.products.update(product.id, {"name": str(second)})
    client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    assert types(client, type="product.created") == ["product.created"]
    assert types(client, types=["product.created", "coupon.created"]) == ["coupon.created", "product.created"]
    assert types(client, type="product.*", created={"gt": NOW, "lte": NOW + 2}) == ["product.updated"] * 2
    every = [event.id for event in client.v1.events.list().data]
    page = client.v1.events.list({"limit": 2, "starting_after": every[0]})
    assert ([event.id for event in page.data], page.has_more) == (every[1:3], True)
    page = client.v1.events.list({"limit": 2, "ending_before": every[3]})
    assert ([event.id for event in page.data], page.has_more) == (every[1:3], True)
    assert [event.id for event in client.v1.events.list({"limit": 1}).auto_paging_iter()] == every


@pytest.mark.belief("`type` and `types` exclude each other; at most 20 types (words: M)", "S")
@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"type": "a.b", "types": ["a.b"]}, "only specify one of these parameters: type, types"),
        ({"types": ["a.b"] * 21}, "at most 20 elements"),
    ],
)
def test_odd_filters_are_refused(client: stripe.StripeClient, filters: Any, sentence: str) -> None:
    """With a sentence that says why."""
    with pytest.raises(stripe.InvalidRequestError, match=sentence):
        client.v1.events.list(filters)


@pytest.mark.belief("events can be fetched for thirty days", "D S")
def test_events_are_forgotten_after_thirty_days(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, product: stripe.Product
) -> None:
    """To the second, in both namespaces; nothing of them is kept, nor of their deliveries."""
    stripe_emulator.clock.set(NOW)
    endpoint: Any = {"url": "https://app.example.com/x", "enabled_events": ["*"]}
    client.v1.webhook_endpoints.create(endpoint)
    client.v1.products.update(product.id, {"name": "Crew"})
    stripe_emulator.wait_for_deliveries()
    event = client.v1.events.list({"type": "product.updated"}).data[0]
    thin = client.v2.core.events.list({"types": ["v1.product.updated"]}).data[0]
    stripe_emulator.clock.set(NOW + 30 * DAY - 1)
    assert client.v1.events.retrieve(event.id).id == event.id
    assert client.v2.core.events.retrieve(thin.id).id == thin.id
    stripe_emulator.clock.set(NOW + 30 * DAY)
    with pytest.raises(stripe.InvalidRequestError, match=f"No such event: '{event.id}'"):
        client.v1.events.retrieve(event.id)
    with pytest.raises(stripe.InvalidRequestError, match="The resource wasn't found"):
        client.v2.core.events.retrieve(thin.id)
    assert "product.updated" not in types(client)
    stripe_emulator.clock.set(NOW + 30 * DAY + 3600)
    kept = [(kind, one) for _, kind, one, _ in stripe_emulator.snapshot()["documents"]]
    assert ("event", event.id) not in kept
    assert not [one for kind, one in kept if kind == "delivery"]


def test_what_happens_every_day_for_a_year_takes_no_more_room(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, product: stripe.Product
) -> None:
    """Thirty days of events are kept, however long it goes on."""
    stripe_emulator.clock.set(NOW)
    for day in range(120):
        stripe_emulator.clock.set(NOW + day * DAY)
        client.v1.products.update(product.id, {"name": str(day)})
    stripe_emulator.clock.set(NOW + 119 * DAY + 3600)
    kept = [document for _, kind, _, document in stripe_emulator.snapshot()["documents"] if kind == "event"]
    names = [event["data"]["object"]["name"] for event in kept if event["type"] == "product.updated"]
    assert names == [str(day) for day in range(90, 120)]


@pytest.mark.belief("an event of what lives on a test clock is dated by that clock, and kept by the account's", "M")
def test_event_on_a_test_clock_has_its_time(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Far in the past or the future, it is there for thirty days of the account."""
    stripe_emulator.clock.set(NOW)
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": NOW + 400 * DAY})
    client.v1.customers.create({"email": "ada@example.com", "test_clock": clock.id})
    event = client.v1.events.list({"type": "customer.created"}).data[0]
    assert event.created == NOW + 400 * DAY
    stripe_emulator.clock.set(NOW + 30 * DAY)
    assert client.v1.events.list({"type": "customer.created"}).data == []


def test_accounts_do_not_see_each_others_events(connect: Callable[[str], stripe.StripeClient]) -> None:
    """Nor do modes."""
    connect("sk_test_one").v1.products.create({"name": "Team"})
    for key in ("sk_live_one", "sk_test_two"):
        assert connect(key).v1.events.list().data == []
