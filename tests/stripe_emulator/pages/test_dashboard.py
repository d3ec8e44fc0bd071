"""The developer's dashboard without a browser: what is there, what leads where, and what nobody sees."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.pages.visitor import Visitor

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

HOSTILE = "\"'><script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
def page(stripe_emulator: EmulatorClient) -> Callable[[str], Visitor]:
    """Open a page of the dashboard."""

    def open_(path: str) -> Visitor:
        return Visitor(f"{stripe_emulator.url}/_/{path}")

    return open_


def test_empty_dashboard_says_how_to_begin(page: Callable[[str], Visitor], stripe_emulator: EmulatorClient) -> None:
    """Without anything there is a sentence; the address without a slash leads here as well."""
    assert "Point a Stripe client at this address" in page("").text
    assert Visitor(f"{stripe_emulator.url}/_").url.endswith("/_/")


def test_accounts_and_modes_are_apart(connect: Any, page: Callable[[str], Visitor]) -> None:
    """Each account and mode is listed with its objects, and knows nothing of the other."""
    connect("sk_test_shop").v1.products.create({"name": "Team"})
    connect("sk_live_shop").v1.customers.create({"email": "ada@example.com"})
    overview = page("")
    assert "acct_shop live customer 1 event 1" in overview.text
    assert "acct_shop test event 1 product 1" in overview.text
    assert "customer" not in page("acct_shop/test").text
    assert page("acct_none/test").status == 404


def test_object_is_shown_with_links_events_and_requests(
    client: stripe.StripeClient, seat: stripe.Price, page: Callable[[str], Visitor]
) -> None:
    """The JSON of the API, ids that lead to their objects, what happened to it, and who asked for it."""
    client.v1.prices.update(seat.id, {"nickname": "Seat"})
    found = page(f"acct_emulator/test/price/{seat.id}")
    assert '"unit_amount": 1200' in found.text
    assert (f'"{seat.product}"', f"/_/acct_emulator/test/product/{seat.product}") in found.read.links
    assert "price.updated" in found.text
    assert f"POST /v1/prices/{seat.id}" in found.text
    found.click("price.updated")
    assert '"previous_attributes"' in found.text
    assert found.status == 200
    assert page("acct_emulator/test/price/price_none").status == 404
    assert page("acct_emulator/test/nothing").status == 404


def test_long_lists_are_paged(client: stripe.StripeClient, page: Callable[[str], Visitor]) -> None:
    """Fifty at a time, newest first, without a gap."""
    made = [client.v1.customers.create({"name": f"Customer {number}"}).id for number in range(51)]
    found = page("acct_emulator/test/customer")
    first = [text for text, _ in found.read.links if text.startswith("cus_")]
    found.click("Older")
    second = [text for text, _ in found.read.links if text.startswith("cus_")]
    assert first + second == made[::-1]
    assert len(first) == 50
    assert page("acct_emulator/test/customer?after=cus_none").status == 404


def test_requests_are_shown_with_status_parameters_and_fault(
    client: stripe.StripeClient,
    product: stripe.Product,
    page: Callable[[str], Visitor],
    stripe_emulator: EmulatorClient,
) -> None:
    """What was asked, how it ended, and whether a fault was at work."""
    stripe_emulator.fail_next(503, path="/v1/customers")
    with pytest.raises(stripe.APIError):
        client.v1.customers.create({"name": HOSTILE})
    found = page("requests")
    assert "POST /v1/customers 503 fault status" in found.text
    found.click("POST /v1/customers")
    assert HOSTILE.replace('"', '\\"') in found.text
    assert "<script>alert" not in found.html
    assert page("requests/999").status == 404


def test_secrets_are_not_shown(
    client: stripe.StripeClient, page: Callable[[str], Visitor], stripe_emulator: EmulatorClient
) -> None:
    """Neither the signing secret of an endpoint, nor a key in an address, a parameter or a name."""
    key = "sk_" + "test_emulatorsecret"
    endpoint = client.v1.webhook_endpoints.create({"url": f"https://a.example/{key}", "enabled_events": ["*"]})
    asked: Any = {"ui_mode": "embedded_page", "mode": "setup", "currency": "usd", "return_url": "https://a.example"}
    session = client.v1.checkout.sessions.create(asked)
    client.v1.products.create({"name": key})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.retrieve(key)
    paths = [
        "", "requests", "events", "acct_emulator/test/product", "acct_emulator/test/webhook_endpoint",
        f"acct_emulator/test/webhook_endpoint/{endpoint.id}", f"acct_emulator/test/checkout.session/{session.id}",
        *(f"requests/{number}" for number in range(1, 5)),
    ]  # fmt: skip
    for path in paths:
        text = page(path).html
        assert key not in text, path
        assert str(endpoint.secret) not in text, path
        assert str(session.client_secret) not in text, path


def test_hostile_names_do_nothing(client: stripe.StripeClient, page: Callable[[str], Visitor]) -> None:
    """In lists, details, metadata and coupon ids."""
    product = client.v1.products.create({"name": HOSTILE, "metadata": {HOSTILE: HOSTILE}})
    coupon = client.v1.coupons.create({"id": "a b\"'<i>&#", "percent_off": 1, "duration": "once"})
    for path in ("", "events", "acct_emulator/test/product", f"acct_emulator/test/product/{product.id}"):
        assert "<script>alert" not in page(path).html
    found = page("acct_emulator/test/coupon")
    found.click(coupon.id)
    assert (found.status, "<i>" in found.html) == (200, False)


def test_clock_is_set_moved_and_released(page: Callable[[str], Visitor], stripe_emulator: EmulatorClient) -> None:
    """The buttons are the admin's clock; what is no time is refused."""
    found = page("clock")
    found.press("Set", now="2026-01-31T12:00:00Z")
    assert "2026-01-31 12:00:00 UTC, stands still" in found.text
    found.press("+ 1 day")
    assert stripe_emulator.clock.now() == 1_769_860_800 + 86400
    found.press("Set", now="tomorrow")
    assert (found.status, "Give an ISO date" in found.text) == (400, True)
    found.press("Let it run")
    assert "runs with real time" in found.text


def test_faults_are_made_and_forgotten(
    client: stripe.StripeClient, page: Callable[[str], Visitor], stripe_emulator: EmulatorClient
) -> None:
    """A rule made here works, and is gone after a press."""
    found = page("faults")
    found.press("Add", kind="status", path="/v1/products", status=502, count=2)
    assert "status * /v1/products 2 502" in found.text
    with pytest.raises(stripe.APIError):
        client.v1.products.list()
    found.press("Add", kind="status", status="many")
    assert found.status == 400
    found.press("Forget all")
    assert "Everything goes well." in found.text
    client.v1.products.list()


def test_page_that_has_not_changed_is_not_sent_again(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, product: stripe.Product
) -> None:
    """The script asks with the tag of what it has; a change gives another tag."""
    first = _ask(stripe_emulator, "")
    assert _ask(stripe_emulator, first[1])[0] == 304
    client.v1.products.update(product.id, {"name": "Other"})
    again = _ask(stripe_emulator, first[1])
    assert (again[0], again[1] == first[1]) == (200, False)


def _ask(emulator: EmulatorClient, tag: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(emulator.url.removeprefix("http://"))
    connection.request("GET", "/_/", headers={"If-None-Match": tag})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers["ETag"]


def test_own_files_only(page: Callable[[str], Visitor], stripe_emulator: EmulatorClient) -> None:
    """Style, script and icon come from here, with their types; nothing else is there."""
    asked = {given.get("src") or given.get("href") for tag, given in page("").read.tags if tag in ("script", "link")}
    assert asked == {"/_/assets/live.js", "/_/assets/style.css", "/_/assets/icon.svg"}
    for path in asked:
        found = Visitor(f"{stripe_emulator.url}{path}")
        assert (found.status, found.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert page("assets/../style.css").status == 404
    assert page("nowhere").status == 404


def test_deliveries_are_shown_and_sent_again(
    client: stripe.StripeClient, page: Callable[[str], Visitor], stripe_emulator: EmulatorClient
) -> None:
    """An endpoint that is not in the forward table gets nothing, and the page says so; a second delivery is made."""
    found = page("")
    client.v1.products.create({"name": "Before"})
    endpoint = client.v1.webhook_endpoints.create(
        {"url": "https://app.example.com/hook", "enabled_events": ["product.created"]}
    )
    client.v1.products.create({"name": "Team"})
    event = client.v1.events.list({"type": "product.created"}).data[0]
    found = page(f"acct_emulator/test/event/{event.id}")
    row = f"product.created {endpoint.id}"
    assert found.text.count(row) == 1
    found.press("Deliver again")
    assert found.text.count(row) == 2
    assert row in page("events").text
    other = client.v1.events.list({"type": "product.created"}).data[1]
    client.v1.webhook_endpoints.delete(endpoint.id)
    found = page(f"acct_emulator/test/event/{other.id}")
    assert "No endpoint has asked for it." in found.text
    found.press("Deliver again")
    assert (found.status, "no endpoint that is enabled wants" in found.text.lower()) == (400, True)


def test_browsers_are_led_here_and_clients_are_not(stripe_emulator: EmulatorClient) -> None:
    """The bare address is the dashboard's for whoever wants to read, and Stripe's for everybody else."""
    page = Visitor(f"{stripe_emulator.url}/_/")
    page._ask("GET", f"{stripe_emulator.url}/", Accept="text/html,*/*")
    assert page.url.endswith("/_/")
    page._ask("GET", f"{stripe_emulator.url}/")
    assert page.status in (401, 404)
