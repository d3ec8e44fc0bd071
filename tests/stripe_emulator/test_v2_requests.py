"""What every request of the v2 namespace has in common: JSON, versions, keys, pages, errors."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

PATH = "/v2/core/event_destinations"
HEADERS = {
    "Authorization": "Bearer sk_test_emulator",
    "Content-Type": "application/json",
    "Stripe-Version": "2026-10-28.endive",
}


def thin(name: str = "Errors") -> Any:
    """Return the parameters of a destination."""
    return {
        "name": name,
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["*"],
        "webhook_endpoint": {"url": "https://app.example.com/thin"},
    }


def ask(server: EmulatorClient, method: str = "POST", text: str = "", **headers: str | None) -> tuple[int, Any]:
    """Send a request by hand; a header that is None is left out."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    sent = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request(method, PATH, text, {name: value for name, value in sent.items() if value is not None})
    response = connection.getresponse()
    answered = response.status, json.loads(response.read())
    connection.close()
    return answered


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "name=x", "[" * 100_000])
def test_body_is_a_json_object(stripe_emulator: EmulatorClient, text: str) -> None:
    """Anything else is refused in the namespace's own words."""
    status, answer = ask(stripe_emulator, text=text)
    assert (status, set(answer["error"])) == (400, {"code", "message"})
    assert "JSON object" in answer["error"]["message"]


def test_form_is_no_json(stripe_emulator: EmulatorClient) -> None:
    """The content type must say so as well."""
    status, answer = ask(stripe_emulator, text="{}", Content_Type="application/x-www-form-urlencoded")
    assert (status, "application/json" in answer["error"]["message"]) == (400, True)


@pytest.mark.belief("v2: bodies are JSON, a version is required (words and codes: M)", "D")
def test_version_is_required(stripe_emulator: EmulatorClient) -> None:
    """An account's own version does not count here."""
    status, answer = ask(stripe_emulator, "GET", Stripe_Version=None)
    assert (status, "Stripe-Version" in answer["error"]["message"]) == (400, True)


def test_bad_key_is_refused_with_a_code(stripe_emulator: EmulatorClient) -> None:
    """Every error of the namespace has a code."""
    status, answer = ask(stripe_emulator, "GET", Authorization="Bearer nonsense")
    assert (status, answer["error"]["code"]) == (401, "unauthorized")


def test_same_key_answers_again_for_a_month(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Not for a day only."""
    stripe_emulator.clock.set(0)
    key: Any = {"idempotency_key": "once"}
    create = client.v2.core.event_destinations.create
    first = create(thin(), key)
    stripe_emulator.clock.set(30 * 86400 - 1)
    assert body(create(thin(), key)) == body(first)
    stripe_emulator.clock.set(30 * 86400)
    assert create(thin(), key).id != first.id


@pytest.mark.belief("v2: a key counts for POST and DELETE, for 30 days; what failed is executed again", "D")
def test_failed_request_is_executed_again(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A refusal is not kept under the key, and neither is a 500."""
    key: Any = {"idempotency_key": "once"}
    places = [client.v2.core.event_destinations.create(thin()).id for _ in range(16)]
    with pytest.raises(stripe.InvalidRequestError):
        client.v2.core.event_destinations.create(thin(), key)
    client.v2.core.event_destinations.delete(places[0])
    stripe_emulator.fail_next(500, method="POST", path=PATH)
    with pytest.raises(stripe.APIError):
        client.v2.core.event_destinations.create(thin(), key)
    assert client.v2.core.event_destinations.create(thin(), key).status == "enabled"


def test_deletion_can_be_repeated_under_its_key(client: stripe.StripeClient) -> None:
    """Keys count for DELETE as well: the second answer is the first, without it is a 404."""
    key: Any = {"idempotency_key": "gone"}
    destination = client.v2.core.event_destinations.create(thin())
    deleted = body(client.v2.core.event_destinations.delete(destination.id, None, key))
    assert body(client.v2.core.event_destinations.delete(destination.id, None, key)) == deleted
    with pytest.raises(stripe.InvalidRequestError, match="wasn't found"):
        client.v2.core.event_destinations.delete(destination.id)


@pytest.mark.belief("v2: a key used for something else is a 409 `idempotency_error` (the type: M)", "D")
def test_key_stands_for_one_request(client: stripe.StripeClient) -> None:
    """Other parameters, another address or another method are refused."""
    key: Any = {"idempotency_key": "once"}
    destination = client.v2.core.event_destinations.create(thin(), key)
    service = client.v2.core.event_destinations
    for again in (
        lambda: service.create(thin("Other"), key),
        lambda: service.disable(destination.id, None, key),
        lambda: service.delete(destination.id, None, key),
    ):
        with pytest.raises(stripe.IdempotencyError, match="different request parameters") as refused:
            again()
        assert refused.value.http_status == 409


@pytest.mark.belief(
    "v2: lists are newest first, 20 by default, with the addresses of the pages around (order and number: M)", "S"
)
def test_page_has_the_address_of_the_next(client: stripe.StripeClient) -> None:
    """With everything that was asked for; the last page has none."""
    ids = [client.v2.core.event_destinations.create(thin()).id for _ in range(3)][::-1]
    query: Any = {"limit": 2, "include": ["webhook_endpoint.url"]}
    first = client.v2.core.event_destinations.list(query)
    assert [one.id for one in first.data] == ids[:2]
    assert str(first.next_page_url).startswith(f"{PATH}?page=")
    assert body(first)["previous_page_url"] is None
    second = json.loads(client.raw_request("get", str(first.next_page_url)).body)
    assert [one["id"] for one in second["data"]] == ids[2:]
    assert second["data"][0]["webhook_endpoint"]["url"] is not None
    assert second["next_page_url"] is None
    back = json.loads(client.raw_request("get", second["previous_page_url"]).body)
    assert [one["id"] for one in back["data"]] == ids[:2]


@settings(max_examples=15, deadline=None)
@given(count=st.integers(0, 8), limit=st.integers(1, 9))
def test_pages_make_the_whole(new_account: Callable[[], Any], count: int, limit: int) -> None:
    """Page by page every object comes exactly once, newest first."""
    client = new_account()
    ids = [client.v2.core.event_destinations.create(thin()).id for _ in range(count)][::-1]
    pages = client.v2.core.event_destinations.list({"limit": limit})
    assert [one.id for one in pages.auto_paging_iter()] == ids


def test_deletion_between_pages_leaves_no_gap(client: stripe.StripeClient) -> None:
    """Even if the last one seen is gone."""
    ids = [client.v2.core.event_destinations.create(thin()).id for _ in range(4)][::-1]
    first = client.v2.core.event_destinations.list({"limit": 2})
    client.v2.core.event_destinations.delete(ids[1])
    second = json.loads(client.raw_request("get", str(first.next_page_url)).body)
    assert [one["id"] for one in second["data"]] == ids[2:]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"page": "x"}, "page"),
        ({"wat": "x"}, "wat"),
    ],
)
def test_bad_page_is_refused(client: stripe.StripeClient, query: Any, field: str) -> None:
    """Limits and tokens are checked."""
    with pytest.raises(stripe.InvalidRequestError, match=f"'{field}: "):
        client.raw_request("get", PATH, **query)


def test_requests_are_logged(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """By route, with what was sent."""
    destination = client.v2.core.event_destinations.create(thin())
    client.v2.core.event_destinations.ping(destination.id)
    assert stripe_emulator.counts() == {f"POST {PATH}": 1, f"POST {PATH}/{{id}}/ping": 1}
    assert stripe_emulator.requests(path=PATH)[0]["params"] == thin()


def test_unknown_address_is_unknown(client: stripe.StripeClient) -> None:
    """As in v1, in this namespace's shape."""
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as refused:
        client.raw_request("get", "/v2/core/nothing")
    assert (refused.value.http_status, refused.value.code) == (404, "not_found")
