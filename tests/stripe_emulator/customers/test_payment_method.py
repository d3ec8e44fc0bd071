"""Payment methods and Stripe's test cards, through the official client. https://docs.stripe.com/testing."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.payments.paying import pay, refusal, told


@pytest.mark.belief("test cards by name, number and token have their brand, funding and last four digits", "D")
@pytest.mark.parametrize(
    ("name", "number", "brand", "funding"),
    [
        ("visa", "4242424242424242", "visa", "credit"),
        ("visa_debit", "4000056655665556", "visa", "debit"),
        ("mastercard", "5555555555554444", "mastercard", "credit"),
        ("mastercard_prepaid", "5105105105105100", "mastercard", "prepaid"),
        ("amex", "378282246310005", "amex", "credit"),
        ("discover", "6011111111111117", "discover", "credit"),
        ("diners", "3056930009020004", "diners", "credit"),
        ("jcb", "3566002020360505", "jcb", "credit"),
        ("unionpay", "6200000000000005", "unionpay", "credit"),
    ],
)
def test_brands(
    client: stripe.StripeClient, customer: stripe.Customer, name: str, number: str, brand: str, funding: str
) -> None:
    """However a test card is given, it is the same card, and it pays."""
    ways: list[Any] = [{"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "314"}, {"token": f"tok_{name}"}]
    made = [client.v1.payment_methods.create({"type": "card", "card": way}) for way in ways]
    made.append(client.v1.payment_methods.attach(f"pm_card_{name}", {"customer": customer.id}))
    cards = [(one.card.brand, one.card.funding, one.card.last4) for one in made if one.card]
    assert cards == [(brand, funding, number[-4:])] * 3
    assert pay(client, f"pm_card_{name}").status == "succeeded"


DECLINES = [
    ("visa_chargeDeclined", "card_declined", "generic_decline", "Your card was declined.", None),
    (
        "visa_chargeDeclinedInsufficientFunds",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
        None,
    ),
    ("visa_chargeDeclinedLostCard", "card_declined", "lost_card", "Your card was declined.", None),
    ("visa_chargeDeclinedStolenCard", "card_declined", "stolen_card", "Your card was declined.", None),
    ("chargeDeclinedExpiredCard", "expired_card", "expired_card", "Your card has expired.", "exp_month"),
    ("chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "cvc"),
    (
        "chargeDeclinedProcessingError",
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        None,
    ),
]


@pytest.mark.belief("test cards are declined each for its reason, when charged and already when attached", "D I")
@pytest.mark.parametrize(("name", "code", "decline", "message", "param"), DECLINES)
def test_declines(
    client: stripe.StripeClient,
    customer: stripe.Customer,
    name: str,
    code: str,
    decline: str,
    message: str,
    param: str | None,
) -> None:
    """The code, the bank's reason and the sentence are those of Stripe's page about testing."""
    for tried in (
        lambda: pay(client, f"pm_card_{name}"),
        lambda: client.v1.payment_methods.attach(f"pm_card_{name}", {"customer": customer.id}),
        lambda: client.v1.customers.create({"payment_method": f"pm_card_{name}"}),
    ):
        error = refusal(tried)
        body = error.json_body["error"]
        assert isinstance(error, stripe.CardError)
        assert (error.http_status, error.code, body["decline_code"], error.param) == (402, code, decline, param)
        assert body["message"] == message


@pytest.mark.belief("what is wrong with a typed in card is told before the bank is asked", "D")
@pytest.mark.parametrize(
    ("card", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": "4539578763621486"}, "card_declined", "number"),
        ({"number": "4242424242424242", "exp_month": 13}, "invalid_expiry_month", "exp_month"),
        ({"number": "4242424242424242", "exp_year": 2019}, "invalid_expiry_year", "exp_year"),
        ({"number": "4242424242424242", "cvc": "99"}, "invalid_cvc", "cvc"),
    ],
)
def test_invalid_cards(client: stripe.StripeClient, card: Any, code: str, param: str) -> None:
    """A wrong digit, somebody's real number, a date in the past and a short code are card errors."""
    given: Any = {"type": "card", "card": {"exp_month": 12, "exp_year": 34, **card}}
    error = refusal(lambda: client.v1.payment_methods.create(given))
    assert (error.http_status, error.code, error.param) == (402, code, param)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"type": "card", "card": {"token": "tok_nope"}}, "card[token]"),
        ({"type": "us_bank_account", "us_bank_account": {"account_number": "1"}}, "us_bank_account[account_number]"),
    ],
)
def test_unknown_test_values(client: stripe.StripeClient, params: Any, param: str) -> None:
    """Only Stripe's own test values stand for anything."""
    error = refusal(lambda: client.v1.payment_methods.create(params))
    assert (error.http_status, error.param) == (400, param)


@pytest.mark.belief("payment methods are told of: attached, updated, detached, renewed by the networks", "S D")
def test_events(client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient) -> None:
    """Each change of a saved card is an event, and a renewed card has its new date."""
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    changed = client.v1.payment_methods.update(
        method.id,
        {"billing_details": {"name": "Ada"}, "card": {"exp_month": 3, "exp_year": 2031}, "metadata": {"a": "b"}},
    )
    assert changed.card is not None
    assert (changed.billing_details.name, changed.card.exp_month, changed.card.exp_year) == ("Ada", 3, 2031)
    renewed = stripe_emulator.renew_card(method.id, exp_year=2035, last4="0005")
    assert (renewed["card"]["exp_year"], renewed["card"]["last4"]) == (2035, "0005")
    client.v1.payment_methods.detach(method.id)
    assert told(client, "payment_method") == [
        "payment_method.attached",
        "payment_method.updated",
        "payment_method.automatically_updated",
        "payment_method.detached",
    ]


def test_only_saved_methods_change(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A card that belongs to nobody is not changed, and only cards are renewed."""
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    assert refusal(lambda: client.v1.payment_methods.update(method.id, {"metadata": {"a": "b"}})).http_status == 400
    account: Any = {"type": "us_bank_account", "us_bank_account": {"account_number": "000123456789"}}
    bank = client.v1.payment_methods.create(account)
    with pytest.raises(ValueError, match="is no card"):
        stripe_emulator.renew_card(bank.id, exp_year=2035)
    with pytest.raises(ValueError, match="a new card has exp_month, exp_year, last4"):
        stripe_emulator.renew_card(method.id, brand="amex")


def test_methods_of_a_customer(client: stripe.StripeClient, customer: stripe.Customer, payer: stripe.Customer) -> None:
    """A customer's methods are found through the customer, and nobody else's."""
    mine = client.v1.payment_methods.list({"customer": payer.id, "type": "card"}).data[0]
    assert client.v1.customers.payment_methods.retrieve(payer.id, mine.id).id == mine.id
    error = refusal(lambda: client.v1.customers.payment_methods.retrieve(customer.id, mine.id))
    assert (error.code, error.param) == ("resource_missing", "payment_method")
    assert client.v1.customers.payment_methods.list(payer.id, {"type": "us_bank_account"}).data == []
