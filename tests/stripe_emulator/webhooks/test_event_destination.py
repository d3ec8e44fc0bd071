"""Event destinations of the v2 namespace, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000
ERRORS = "v1.billing.meter.error_report_triggered"


def thin(**change: Any) -> Any:
    """Return the parameters of a destination for thin events."""
    endpoint = {"url": "https://app.example.com/thin"}
    fixed = {"name": "Meter errors", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": [ERRORS]}
    return {**fixed, "webhook_endpoint": endpoint, **change}


def new(client: stripe.StripeClient, /, **change: Any) -> Any:
    """Create a destination."""
    return client.v2.core.event_destinations.create(thin(**change))


def test_destination_is_shown_as_stripe_shows_it(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Times are written out; address and secret are not shown unasked."""
    stripe_emulator.clock.set(NOW)
    shown = body(new(client, description="x", metadata={"a": "1"}))
    assert shown == {
        "id": shown["id"], "object": "v2.core.event_destination", "livemode": False, "description": "x",
        "created": "2023-11-14T22:13:20.000Z", "enabled_events": [ERRORS], "event_payload": "thin",
        "events_from": ["@self"], "metadata": {"a": "1"}, "name": "Meter errors", "snapshot_api_version": None,
        "status": "enabled", "status_details": None, "type": "webhook_endpoint",
        "updated": "2023-11-14T22:13:20.000Z", "webhook_endpoint": {"signing_secret": None, "url": None},
    }  # fmt: skip


@pytest.mark.belief("secret and address of a destination are shown on request, the secret at creation only", "S D")
def test_secret_and_address_are_shown_on_request(client: stripe.StripeClient) -> None:
    """The secret in the answer to the creation only, the address in every one."""
    both: Any = ["webhook_endpoint.signing_secret", "webhook_endpoint.url"]
    destination = new(client, include=both)
    assert destination.webhook_endpoint.signing_secret.startswith("whsec_")
    assert destination.webhook_endpoint.url == "https://app.example.com/thin"
    url: Any = {"include": ["webhook_endpoint.url"]}
    found = client.v2.core.event_destinations.retrieve(destination.id, url)
    assert body(found)["webhook_endpoint"] == {"signing_secret": None, "url": "https://app.example.com/thin"}
    listed = client.v2.core.event_destinations.list(url).data[0]
    assert listed.webhook_endpoint is not None
    assert listed.webhook_endpoint.url == "https://app.example.com/thin"
    with pytest.raises(stripe.InvalidRequestError, match=r"include\[0\]: Unrecognized enum value"):
        client.v2.core.event_destinations.retrieve(destination.id, {"include": both})


@pytest.mark.belief("thin and snapshot destinations take events of their own names (words: M)", "S")
@pytest.mark.belief(
    "v2: every problem of the fields in one sentence, code `invalid_fields`, no `param` (several in one: M)", "I"
)
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"wat": 1}, "wat: Unknown field."),
        ({"name": 5}, "name: Expected a value of type string."),
        ({"type": "pigeon"}, "type: Unrecognized enum value 'pigeon', valid values are: amazon_eventbridge, "),
        ({"type": "amazon_eventbridge"}, "type: The Stripe emulator does not deliver"),
        ({"event_payload": "fat"}, "event_payload: Unrecognized enum value 'fat', valid values are: snapshot, thin."),
        ({"enabled_events": []}, "enabled_events: This field must not be empty."),
        ({"enabled_events": "x"}, "enabled_events: Expected a value of type array."),
        ({"enabled_events": [ERRORS, "invoice.paid"]}, r"enabled_events\[1\]: Unrecognized enum value 'invoice.paid'"),
        ({"enabled_events": [ERRORS], "event_payload": "snapshot"}, r"enabled_events\[0\]: Unrecognized enum value"),
        (
            {"events_from": ["@self", "self"]},
            r"events_from\[1\]: Unrecognized enum value 'self', valid values are: @se",
        ),
        ({"snapshot_api_version": "2026-10-28.endive"}, "snapshot_api_version: This field is for snapshot events only"),
        ({"webhook_endpoint": {}}, "webhook_endpoint.url: This field is required."),
        (
            {"webhook_endpoint": {"url": "http://localhost:1"}},
            "webhook_endpoint.url: Invalid URL: URL must be publicly",
        ),
        ({"webhook_endpoint": {"url": "app.example.com"}}, "webhook_endpoint.url: Invalid URL: An explicit scheme"),
        ({"metadata": {"k" * 41: "v"}}, "metadata: Must be at most 40 characters."),
        ({"metadata": {"k": "v" * 501}}, "metadata.k: Must be at most 500 characters."),
        ({"metadata": {"k": 1}}, "metadata.k: Expected a value of type string."),
        ({"metadata": {str(key): "v" for key in range(51)}}, "metadata: Must have at most 50 keys."),
    ],
)
def test_bad_destination_is_refused(client: stripe.StripeClient, change: Any, problem: str) -> None:
    """The sentence names the field by its path; there is no `param` in this namespace."""
    with pytest.raises(stripe.InvalidRequestError, match=f"Some fields in the request were invalid: '{problem}") as no:
        new(client, **change)
    assert (no.value.http_status, no.value.code, no.value.param) == (400, "invalid_fields", None)


def test_webhook_endpoint_needs_an_address(client: stripe.StripeClient) -> None:
    """A destination of this type says where."""
    params = {name: value for name, value in thin().items() if name != "webhook_endpoint"}
    with pytest.raises(stripe.InvalidRequestError, match="webhook_endpoint: This field is required"):
        client.raw_request("post", "/v2/core/event_destinations", **params)


def test_all_problems_are_told_at_once(client: stripe.StripeClient) -> None:
    """One answer has them all."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        new(client, wat=1, name=5)
    assert "'wat: Unknown field.', 'name: Expected" in str(refused.value)


@pytest.mark.belief("snapshots have the version of the request unless another is named", "M")
def test_snapshots_have_a_version(client: stripe.StripeClient) -> None:
    """The one of the request, unless another is named; it must exist."""
    snapshot: Any = {"event_payload": "snapshot", "enabled_events": ["invoice.paid"]}
    assert new(client, **snapshot).snapshot_api_version == "2026-10-28.endive"
    assert new(client, **snapshot, snapshot_api_version="2020-08-27").snapshot_api_version == "2020-08-27"
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized API version"):
        new(client, **snapshot, snapshot_api_version="2020-13-01")


@pytest.mark.belief("v2: null removes a metadata key", "D")
def test_update_changes_what_may_change(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Metadata merges, null removes a key; id and secret stay."""
    stripe_emulator.clock.set(NOW)
    destination = new(client, metadata={"a": "1", "b": "2"})
    stripe_emulator.clock.set(NOW + 1)
    change: Any = {"name": "Errors", "enabled_events": ["*"], "metadata": {"a": None, "c": "3"}}
    change |= {"webhook_endpoint": {"url": "https://b.example.com"}, "include": ["webhook_endpoint.url"]}
    shown = body(client.v2.core.event_destinations.update(destination.id, change))
    assert (shown["name"], shown["enabled_events"], shown["metadata"]) == ("Errors", ["*"], {"b": "2", "c": "3"})
    assert (shown["webhook_endpoint"]["url"], shown["updated"]) == ("https://b.example.com", "2023-11-14T22:13:21.000Z")


@pytest.mark.parametrize("name", ["type", "event_payload", "events_from", "snapshot_api_version"])
def test_shape_cannot_change(client: stripe.StripeClient, name: str) -> None:
    """An immutable field is an unknown field of the update."""
    destination = new(client)
    with pytest.raises(stripe.InvalidRequestError, match=f"'{name}: Unknown field.'"):
        client.raw_request("post", f"/v2/core/event_destinations/{destination.id}", **{name: "thin"})


def test_update_checks_events_and_address(client: stripe.StripeClient) -> None:
    """As the creation does."""
    destination = new(client)
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized enum value 'invoice"):
        client.v2.core.event_destinations.update(destination.id, {"enabled_events": ["invoice.paid"]})
    with pytest.raises(stripe.InvalidRequestError, match="publicly accessible"):
        client.v2.core.event_destinations.update(destination.id, {"webhook_endpoint": {"url": "http://localhost"}})


@pytest.mark.belief("disabling and enabling can be repeated", "M")
def test_destination_can_be_switched_off_and_on(client: stripe.StripeClient) -> None:
    """The details say why; twice is not once too often."""
    destination = new(client)
    for _ in range(2):
        off = body(client.v2.core.event_destinations.disable(destination.id))
        assert (off["status"], off["status_details"]) == ("disabled", {"disabled": {"reason": "user"}})
    on = body(client.v2.core.event_destinations.enable(destination.id))
    assert (on["status"], on["status_details"]) == ("enabled", None)


def test_ping_is_an_event(client: stripe.StripeClient) -> None:
    """It names the destination it was sent to."""
    destination = new(client)
    event = body(client.v2.core.event_destinations.ping(destination.id))
    assert (event["object"], event["type"]) == ("v2.core.event", "v2.core.event_destination.ping")
    assert event["related_object"]["id"] == destination.id


@pytest.mark.belief("v2: a missing object is a 404 `not_found`", "D")
def test_deleted_destination_is_gone(client: stripe.StripeClient) -> None:
    """Whatever is asked of it afterwards."""
    destination = new(client)
    deleted = body(client.v2.core.event_destinations.delete(destination.id))
    assert deleted == {"id": destination.id, "object": "v2.core.event_destination"}
    service = client.v2.core.event_destinations
    for method in (service.retrieve, service.delete, service.disable, service.enable, service.ping):
        with pytest.raises(stripe.InvalidRequestError, match="The resource wasn't found") as gone:
            method(destination.id)
        assert (gone.value.http_status, gone.value.code) == (404, "not_found")


@pytest.mark.belief("destinations count among the 16 endpoints", "M")
def test_endpoints_and_destinations_share_sixteen_places(client: stripe.StripeClient) -> None:
    """Both are counted, and a deleted one makes room for either."""
    endpoint: Any = {"url": "https://app.example.com/x", "enabled_events": ["*"]}
    first, *_ = [client.v1.webhook_endpoints.create(endpoint) for _ in range(8)]
    for _ in range(8):
        new(client)
    with pytest.raises(stripe.InvalidRequestError, match="the maximum of 16 test webhook endpoints"):
        new(client)
    with pytest.raises(stripe.InvalidRequestError, match="the maximum of 16 test webhook endpoints"):
        client.v1.webhook_endpoints.create(endpoint)
    client.v1.webhook_endpoints.delete(first.id)
    assert new(client).status == "enabled"


def test_plain_http_is_for_test_mode_only(connect: Callable[[str], stripe.StripeClient]) -> None:
    """In live mode a destination must use https; and the modes share nothing."""
    plain: Any = {"webhook_endpoint": {"url": "http://app.example.com/x"}}
    assert new(connect("sk_test_emulator"), **plain).livemode is False
    with pytest.raises(stripe.InvalidRequestError, match="must use https"):
        new(connect("sk_live_emulator"), **plain)
    assert connect("sk_live_emulator").v2.core.event_destinations.list().data == []
