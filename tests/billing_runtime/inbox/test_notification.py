"""What is read of an event: names only, in every shape that Stripe sends, and nothing that is no event."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import WebhookMalformed, WebhookTooLarge
from billing_runtime._inbox.notification import LIMIT, Notification, notification_of, read_notification, require_size
from tests.billing_runtime.inbox.conftest import event

Json = dict[str, Any]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


def read(body: Any) -> Notification:
    """The event in a value."""
    return read_notification(json.dumps(body).encode())


def test_an_event_is_reduced_to_names() -> None:
    """Type, object, customer and moment must be there, and no more of the object."""
    thing = {"id": "sub_1", "object": "subscription", "customer": "cus_1", "metadata": {"mail": "ops@example.com"}}
    found = read(event("customer.subscription.updated", thing, id="evt_1"))
    assert found == Notification(
        "evt_1", "customer.subscription.updated", 1_795_780_800, livemode=False, object_id="sub_1", customer_id="cus_1"
    )
    assert found.key == "cus_1"


def test_a_customer_may_be_expanded_or_the_object_itself() -> None:
    """Wherever the customer stands it must be found."""
    expanded = {"id": "in_1", "object": "invoice", "customer": {"id": "cus_1", "object": "customer"}}
    assert read(event("invoice.paid", expanded)).customer_id == "cus_1"
    assert read(event("customer.updated", {"id": "cus_2", "object": "customer"})).customer_id == "cus_2"


def test_a_detached_card_says_whose_it_was() -> None:
    """After the detachment the customer stands only among what changed."""
    data = {"object": {"id": "pm_1", "object": "payment_method", "customer": None}}
    body = event("payment_method.detached", {}) | {"data": data | {"previous_attributes": {"customer": "cus_1"}}}
    assert read(body).customer_id == "cus_1"


@pytest.mark.parametrize("customer", [None, "", "no id", 5, {"object": "customer"}, "x" * 300])
def test_without_a_customer_the_object_has_its_turn(customer: Any) -> None:
    """A payment without a customer must be no error (it would be sent again for days)."""
    found = read(event("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent", "customer": customer}))
    assert (found.customer_id, found.key) == (None, "pi_1")


def test_an_upcoming_invoice_has_no_id() -> None:
    """An object without an id must do."""
    found = read(event("invoice.upcoming", {"object": "invoice", "customer": "cus_1"}))
    assert (found.object_id, found.key) == (None, "cus_1")


def test_an_alert_is_told_once() -> None:
    """What Stripe says in no other place must be kept."""
    thing = {"object": "billing.alert_triggered", "alert": {"id": "alrt_1"}, "customer": "cus_1", "value": 800001}
    found = read(event("billing.alert.triggered", thing))
    assert (found.details, found.customer_id) == ({"alert": "alrt_1", "value": 800001}, "cus_1")


def test_a_thin_event_names_what_it_is_about() -> None:
    """A thin event has another shape, a text for its moment, and no object."""
    related = {"id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1"}
    body = {
        "id": "evt_test_1",
        "object": "v2.core.event",
        "type": "v1.billing.meter.error_report_triggered",
        "created": "2026-11-27T12:00:00.000Z",
        "livemode": False,
        "related_object": related,
    }
    found = read(body)
    assert (found.thin, found.object_id, found.key, found.created) == (True, "mtr_1", "mtr_1", 1_795_780_800)
    assert read(body | {"related_object": None}).key == "evt_test_1"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is no JSON"),
        (b"{", "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[" * 200_000, "it is no JSON"),
        (b"[]", "it is no JSON object"),
        (b'"event"', "it is no JSON object"),
        (b"{}", "its object is neither"),
        (b'{"object": "event"}', "its id is none"),
        (b'{"object": "event", "id": "cus_1"}', "its id is none"),
        (b'{"object": "event", "id": "evt_1"}', "its type is none"),
        (b'{"object": "event", "id": "evt_1", "type": "DROP TABLE"}', "its type is none"),
        (b'{"object": "event", "id": "evt_1", "type": "invoice.paid"}', "it does not say when"),
        (b'{"object": "event", "id": "evt_1", "type": "invoice.paid", "created": true}', "it does not say when"),
    ],
)
def test_what_is_no_event_is_refused(body: bytes, why: str) -> None:
    """Each refusal must say what is wrong."""
    with pytest.raises(WebhookMalformed, match=why):
        read_notification(body)


@given(anything)
def test_any_json_is_judged(body: Any) -> None:
    """Whatever JSON comes, it must be read or refused, never crash."""
    with pytest.raises(WebhookMalformed):
        read(body)


@given(st.dictionaries(st.sampled_from(sorted(event("a.b", {}))), anything))
def test_an_event_with_anything_in_it_is_judged(changes: Json) -> None:
    """An event with nonsense in some fields must be read by its names, or refused."""
    try:
        found = notification_of(event("invoice.paid", {"id": "in_1"}) | changes)
    except WebhookMalformed:
        return
    assert found.event_id.startswith("evt_")
    assert len(found.key) <= 255


def test_the_size_is_judged_first() -> None:
    """A body beyond the limit must be refused with its own status."""
    require_size(LIMIT)
    with pytest.raises(WebhookTooLarge, match=f"more than {LIMIT} bytes") as caught:
        require_size(LIMIT + 1)
    assert caught.value.status == 413
