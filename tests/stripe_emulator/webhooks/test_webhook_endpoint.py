"""Webhook endpoints, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

APP: Any = {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid", "*"]}


@pytest.mark.belief("the signing secret is told once", "S")
def test_secret_is_told_once(client: stripe.StripeClient) -> None:
    """Only the answer to the creation has the signing secret."""
    endpoint = client.v1.webhook_endpoints.create(APP)
    assert str(endpoint.secret).startswith("whsec_")
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id).to_dict()
    assert "secret" not in client.v1.webhook_endpoints.list().data[0].to_dict()
    assert "secret" not in client.v1.webhook_endpoints.update(endpoint.id, {"description": "x"}).to_dict()


def test_endpoint_is_shown_as_stripe_shows_it(client: stripe.StripeClient) -> None:
    """What was given is echoed, `connect` is not."""
    params: Any = {**APP, "api_version": "2026-10-28.endive", "connect": True}
    endpoint = client.v1.webhook_endpoints.create(params)
    shown = endpoint.to_dict()
    assert (shown["api_version"], shown["status"], shown["application"]) == ("2026-10-28.endive", "enabled", None)
    assert "connect" not in shown


@pytest.mark.belief("endpoints are public, with a scheme (words for localhost: M)", "I")
@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"url": "app.example.com/stripe"}, "url"),
        ({"url": "ftp://app.example.com"}, "url"),
        ({"url": "https://[app.example.com"}, "url"),
        ({"url": "https://app.example.com:port/"}, "url"),
        ({"url": "http://localhost:8000"}, "url"),
        ({"url": "https://127.0.0.1/x"}, "url"),
        ({"url": "https://10.0.0.8/x"}, "url"),
        ({"url": "https://laptop.local/x"}, "url"),
        ({"enabled_events": ["invoice.payed"]}, "enabled_events[0]"),
        ({"enabled_events": "invoice.paid"}, "enabled_events"),
        ({"api_version": "2020-13-01"}, "api_version"),
        ({"disabled": True}, "disabled"),
    ],
)
def test_bad_endpoint_is_refused(client: stripe.StripeClient, change: dict[str, Any], param: str) -> None:
    """Addresses are public, events and versions exist, and an endpoint begins enabled."""
    params: Any = {**APP, **change}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.webhook_endpoints.create(params)
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_plain_http_is_for_test_mode_only(connect: Callable[[str], stripe.StripeClient]) -> None:
    """In live mode an endpoint must use https."""
    plain: Any = {**APP, "url": "http://app.example.com/x"}
    assert connect("sk_test_emulator").v1.webhook_endpoints.create(plain).status == "enabled"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        connect("sk_live_emulator").v1.webhook_endpoints.create(plain)
    assert refused.value.param == "url"


def test_endpoint_can_be_switched_off_and_on(client: stripe.StripeClient) -> None:
    """`disabled` shows as the status."""
    endpoint = client.v1.webhook_endpoints.create(APP)
    assert client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True}).status == "disabled"
    assert client.v1.webhook_endpoints.update(endpoint.id, {"disabled": False}).status == "enabled"


def test_events_and_url_can_change_but_not_the_version(client: stripe.StripeClient) -> None:
    """api_version and connect are immutable."""
    endpoint = client.v1.webhook_endpoints.create(APP)
    changed = client.v1.webhook_endpoints.update(
        endpoint.id, {"url": "https://b.example.com", "enabled_events": ["*"], "metadata": {"a": "1"}}
    )
    assert (changed.url, changed.enabled_events) == ("https://b.example.com", ["*"])
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: api_version"):
        client.raw_request("post", f"/v1/webhook_endpoints/{endpoint.id}", api_version="2026-10-28.endive")


@pytest.mark.belief("16 endpoints per mode", "I")
def test_seventeenth_endpoint_is_refused(client: stripe.StripeClient) -> None:
    """16 per mode, and a deleted one makes room."""
    endpoints = [client.v1.webhook_endpoints.create(APP) for _ in range(16)]
    with pytest.raises(stripe.InvalidRequestError, match="the maximum of 16 test webhook endpoints"):
        client.v1.webhook_endpoints.create(APP)
    assert client.v1.webhook_endpoints.delete(endpoints[0].id).deleted is True
    assert client.v1.webhook_endpoints.create(APP).status == "enabled"
