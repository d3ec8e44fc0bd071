"""Customers and their payment methods, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def test_customer_is_found_by_email(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The list can be filtered by the exact address."""
    client.v1.customers.create({"email": "bob@example.com"})
    assert [found.id for found in client.v1.customers.list({"email": "ada@example.com"}).data] == [customer.id]


def test_update_changes_and_clears(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Fields can be set and taken away."""
    changed = client.v1.customers.update(customer.id, {"name": "Ada", "email": "", "metadata": {"entity": "1"}})
    assert (changed.name, changed.email, changed.to_dict()["metadata"]) == ("Ada", None, {"entity": "1"})


@pytest.mark.belief("a deleted customer answers `deleted: true`", "D")
def test_deleted_customer_is_remembered_as_deleted(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A deleted customer answers that it is deleted, is not listed, and cannot be changed."""
    assert client.v1.customers.delete(customer.id).deleted is True
    assert client.v1.customers.retrieve(customer.id).to_dict() == {
        "id": customer.id,
        "object": "customer",
        "deleted": True,
    }
    assert client.v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.customers.update(customer.id, {"name": "Ada"})


def test_payment_method_can_come_with_the_customer(client: stripe.StripeClient) -> None:
    """A test card is attached, and can be the default in the same request."""
    params: Any = {
        "payment_method": "pm_card_visa",
        "invoice_settings": {"default_payment_method": "pm_card_visa"},
        "expand": ["invoice_settings.default_payment_method"],
    }
    shown = client.v1.customers.create(params).to_dict()
    method = shown["invoice_settings"]["default_payment_method"]
    assert (method["card"]["last4"], method["customer"]) == ("4242", shown["id"])


def test_default_payment_method_must_be_attached(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Only an attached payment method can be the default."""
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    settings: Any = {"invoice_settings": {"default_payment_method": method.id}}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.update(customer.id, settings)
    assert refused.value.param == "invoice_settings[default_payment_method]"
    client.v1.payment_methods.attach(method.id, {"customer": customer.id})
    assert client.v1.customers.update(customer.id, settings).invoice_settings is not None


def test_default_payment_method_can_be_cleared(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """An empty value takes the default away."""
    cleared = client.v1.customers.update(payer.id, {"invoice_settings": {"default_payment_method": ""}})
    assert cleared.to_dict()["invoice_settings"]["default_payment_method"] is None


def test_detached_payment_method_is_no_default(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """Detaching takes the default away, and there is no way back."""
    method = client.v1.customers.payment_methods.list(payer.id).data[0]
    assert client.v1.payment_methods.detach(method.id).customer is None
    settings = client.v1.customers.retrieve(payer.id).to_dict()["invoice_settings"]
    assert settings["default_payment_method"] is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.v1.payment_methods.attach(method.id, {"customer": payer.id})
    with pytest.raises(stripe.InvalidRequestError, match="detachment is impossible"):
        client.v1.payment_methods.detach(method.id)


def test_payment_method_belongs_to_one_customer(
    client: stripe.StripeClient, payer: stripe.Customer, customer: stripe.Customer
) -> None:
    """An attached payment method cannot be attached elsewhere."""
    method = client.v1.payment_methods.list({"customer": payer.id}).data[0]
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.v1.payment_methods.attach(method.id, {"customer": customer.id})


def test_unknown_payment_method_is_a_404(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The path names nothing."""
    with pytest.raises(stripe.InvalidRequestError, match="No such PaymentMethod: 'pm_nope'") as gone:
        client.v1.payment_methods.attach("pm_nope", {"customer": customer.id})
    assert gone.value.http_status == 404


@pytest.mark.parametrize(
    ("card", "last4", "brand"),
    [
        ({"token": "tok_mastercard"}, "4444", "mastercard"),
        ({"number": "4242 4242 4242 4242", "exp_month": 5, "exp_year": 2030}, "4242", "visa"),
    ],
)
def test_test_cards_have_their_brand(client: stripe.StripeClient, card: Any, last4: str, brand: str) -> None:
    """Tokens and numbers are Stripe's test cards."""
    method = client.v1.payment_methods.create({"type": "card", "card": card})
    assert method.card is not None
    assert (method.card.last4, method.card.brand) == (last4, brand)


def test_unknown_card_is_a_card_error(client: stripe.StripeClient) -> None:
    """No other number works."""
    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_methods.create({"type": "card", "card": {"number": "4111111111111112"}})
    assert (refused.value.http_status, refused.value.code) == (402, "incorrect_number")


def test_declined_card_cannot_be_attached(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Some test cards are declined as soon as they are attached."""
    with pytest.raises(stripe.CardError, match="Your card was declined"):
        client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer.id})
    assert client.v1.customers.payment_methods.list(customer.id).data == []


def test_what_is_not_emulated_says_so(client: stripe.StripeClient) -> None:
    """A parameter of Stripe's that the emulator ignores is refused, not swallowed."""
    with pytest.raises(stripe.InvalidRequestError, match="emulator does not support `source`"):
        client.v1.customers.create({"source": "tok_visa"})


@pytest.mark.parametrize(
    ("params", "param"), [({}, "type"), ({"type": "card"}, "card"), ({"type": "sepa_debit"}, "type")]
)
def test_payment_method_is_a_card(client: stripe.StripeClient, params: Any, param: str) -> None:
    """A payment method says what it is; only cards and bank accounts are emulated."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_methods.create(params)
    assert refused.value.param == param


def test_attached_payment_method_is_found(client: stripe.StripeClient, payer: stripe.Customer) -> None:
    """By its id, and only by type card."""
    method = client.v1.customers.payment_methods.list(payer.id, {"type": "card"}).data[0]
    assert client.v1.payment_methods.retrieve(method.id).customer == payer.id
    assert client.v1.payment_methods.list({"customer": payer.id, "type": "link"}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: customer"):
        client.v1.payment_methods.attach(method.id, {})


def test_address_is_shown_with_all_its_lines(client: stripe.StripeClient) -> None:
    """What was not given is null, in the shipping address too."""
    shipping: Any = {"name": "Ada", "address": {"line1": "Main Street 1"}}
    customer = client.v1.customers.create({"address": {"city": "Berlin"}, "shipping": shipping}).to_dict()
    lines = {"city", "country", "line1", "line2", "postal_code", "state"}
    assert set(customer["address"]) == set(customer["shipping"]["address"]) == lines
    assert (customer["address"]["city"], customer["shipping"]["phone"]) == ("Berlin", None)
