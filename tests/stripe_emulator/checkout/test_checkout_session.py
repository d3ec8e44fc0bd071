"""Checkout sessions are opened, found, listed, changed and closed as at Stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import DAY, HALF_AN_HOUR, URL, one_time, open_session

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800  # 2026-01-31T12:00:00Z


def test_hosted_session_has_a_page(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """An open session has an address, nothing paid, and what it will cost."""
    session = open_session(client, {"price": seat.id, "quantity": 3}, client_reference_id="org-7", cancel_url=URL)
    shown = session.to_dict()
    assert session.id.startswith("cs_test_")
    assert shown["url"] == f"{stripe_emulator.url}/c/pay/{session.id}"
    assert (shown["status"], shown["payment_status"], shown["mode"]) == ("open", "unpaid", "subscription")
    assert (shown["amount_subtotal"], shown["amount_total"], shown["currency"]) == (3600, 3600, "usd")
    assert (shown["client_reference_id"], shown["customer"], shown["subscription"]) == ("org-7", None, None)
    assert shown["expires_at"] - shown["created"] == DAY
    assert (shown["ui_mode"], shown["payment_method_collection"]) == ("hosted_page", "always")
    assert client.v1.checkout.sessions.retrieve(session.id).to_dict() == shown


def test_live_session_says_so(connect: Any) -> None:
    """The id tells the mode."""
    live = connect("sk_live_emulator")
    session = live.v1.checkout.sessions.create({"mode": "setup", "currency": "usd", "success_url": URL})
    assert session.id.startswith("cs_live_")


@pytest.mark.belief("line items are shown on request, with whole prices", "S")
def test_line_items_are_shown_when_expanded(
    client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product
) -> None:
    """A session names its line items only on request, with their whole prices."""
    session = open_session(
        client, {"price": seat.id, "quantity": 2, "metadata": {"row": "1"}}, one_time(client, product)
    )
    assert "line_items" not in session
    expanded = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items.data.price.product"]})
    first, second = expanded.to_dict()["line_items"]["data"]
    assert (first["object"], first["description"], first["quantity"]) == ("item", "Team", 2)
    assert (first["amount_subtotal"], first["amount_total"], first["currency"]) == (2400, 2400, "usd")
    assert first["price"]["product"]["name"] == "Team"
    assert first["metadata"] == {"row": "1"}
    assert (second["amount_total"], second["price"]["type"]) == (500, "one_time")
    assert expanded.amount_total == 2900


def test_line_items_are_a_list_of_their_own(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The session itself has the first ten; the list has all, in their order."""
    prices = [one_time(client, product, amount) for amount in range(1, 13)]
    session = open_session(client, *prices, mode="payment")
    shown = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]}).to_dict()["line_items"]
    assert (len(shown["data"]), shown["has_more"]) == (10, True)
    assert shown["url"] == f"/v1/checkout/sessions/{session.id}/line_items"
    pages = client.v1.checkout.sessions.line_items.list(session.id, {"limit": 5})
    assert [one.amount_total for one in pages.auto_paging_iter()] == list(range(1, 13))


def test_sessions_are_listed_by_what_is_known(
    client: stripe.StripeClient, seat: stripe.Price, payer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Filters are the customer, the status, the subscription, the email, the moment."""
    stripe_emulator.clock.set(NOON)
    old = open_session(client, seat, customer_email="ada@example.com")
    stripe_emulator.clock.advance(60)
    done, ended = open_session(client, seat, customer=payer.id), open_session(client, seat)
    stripe_emulator.complete_checkout(done.id)
    client.v1.checkout.sessions.expire(ended.id)
    subscription = client.v1.checkout.sessions.retrieve(done.id).subscription

    def listed(**params: Any) -> list[str]:
        asked: Any = params
        return [one.id for one in client.v1.checkout.sessions.list(asked).data]

    assert listed() == [ended.id, done.id, old.id]
    assert listed(status="open") == [old.id]
    assert listed(status="complete") == [done.id]
    assert listed(status="expired") == [ended.id]
    assert listed(customer=payer.id) == [done.id]
    assert listed(subscription=subscription) == [done.id]
    assert listed(customer_details={"email": "ada@example.com"}) == [old.id]
    assert listed(created={"lt": NOON + 60}) == [old.id]
    assert listed(payment_link="plink_1") == []
    page: Any = {"status": "open", "expand": ["data.line_items"]}
    assert client.v1.checkout.sessions.list(page).data[0].to_dict()["line_items"]["data"][0]["price"]["id"] == seat.id


def test_pages_go_on_where_they_stopped(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """A cursor that has been closed meanwhile still has its place."""
    sessions = [open_session(client, seat).id for _ in range(5)][::-1]
    first = client.v1.checkout.sessions.list({"limit": 2, "status": "open"})
    assert ([one.id for one in first.data], first.has_more) == (sessions[:2], True)
    client.v1.checkout.sessions.expire(sessions[1])
    rest = client.v1.checkout.sessions.list({"limit": 3, "status": "open", "starting_after": sessions[1]})
    assert ([one.id for one in rest.data], rest.has_more) == (sessions[2:], False)
    back = client.v1.checkout.sessions.list({"limit": 2, "status": "open", "ending_before": sessions[4]})
    assert [one.id for one in back.data] == sessions[2:4]


@pytest.mark.belief("an expired or completed session has no page any more (the completed one: M)", "S")
def test_session_ends_by_itself(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """After its time a session is expired and has no page."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, seat, expires_at=NOON + HALF_AN_HOUR)
    stripe_emulator.clock.advance(HALF_AN_HOUR - 1)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    stripe_emulator.clock.advance(1)
    ended = client.v1.checkout.sessions.retrieve(session.id)
    assert (ended.status, ended.url) == ("expired", None)
    assert not client.v1.checkout.sessions.list({"status": "open"}).data
    with pytest.raises(stripe.InvalidRequestError, match="This Checkout Session has a status of `expired`"):
        client.v1.checkout.sessions.expire(session.id)


@pytest.mark.belief("only open sessions expire", "I")
def test_only_open_sessions_expire(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """The second time is refused in Stripe's words."""
    session = open_session(client, seat)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match=r'Only Checkout Sessions with a status in \["open"\]'):
        client.v1.checkout.sessions.expire(session.id)


def test_metadata_can_change(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Metadata merges; what ships is not emulated."""
    session = open_session(client, seat, metadata={"a": "1", "b": "2"})
    changed = client.v1.checkout.sessions.update(session.id, {"metadata": {"a": "", "c": "3"}})
    assert changed.to_dict()["metadata"] == {"b": "2", "c": "3"}
    with pytest.raises(stripe.InvalidRequestError, match="does not support `shipping_options` here yet"):
        client.v1.checkout.sessions.update(session.id, {"shipping_options": [{"shipping_rate": "shr_1"}]})


def test_unknown_session_is_missing(client: stripe.StripeClient) -> None:
    """An unknown id is a 404 in Stripe's words."""
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session: 'cs_test_none'") as refused:
        client.v1.checkout.sessions.retrieve("cs_test_none")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_embedded_session_has_a_secret(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """An embedded page has a client secret in place of an address."""
    session = open_session(client, seat, ui_mode="embedded_page", success_url=None, return_url=URL)
    assert (session.url, session.return_url, session.redirect_on_completion) == (None, URL, "always")
    assert session.client_secret is not None
    assert session.client_secret.startswith(f"{session.id}_secret_")


def test_one_key_opens_one_session(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """The same request under the same idempotency key is the same session."""
    asked: Any = {"mode": "subscription", "success_url": URL, "line_items": [{"price": seat.id, "quantity": 1}]}
    key: Any = {"idempotency_key": "checkout-1"}
    first = client.v1.checkout.sessions.create(asked, key)
    assert client.v1.checkout.sessions.create(asked, key).id == first.id
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_restricted_key_needs_the_permission(connect: Any, stripe_emulator: EmulatorClient) -> None:
    """Reading sessions is a permission of its own."""
    stripe_emulator.restrict("rk_test_emulator_ci", {"subscriptions": "read"})
    with pytest.raises(stripe.PermissionError, match="rak_session_read"):
        connect("rk_test_emulator_ci").v1.checkout.sessions.list()
    stripe_emulator.restrict("rk_test_emulator_ci", {"checkout/sessions": "read"})
    assert not connect("rk_test_emulator_ci").v1.checkout.sessions.list().data
