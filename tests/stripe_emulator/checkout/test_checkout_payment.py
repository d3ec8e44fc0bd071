"""What a payment on the page of a checkout session leaves behind: intents, charges, and debits that take days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import DAY, URL, one_time, open_session

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800
BANK: Any = {"allowed_payment_method_types": ["card", "us_bank_account"]}


@pytest.fixture
def once(client: stripe.StripeClient, product: stripe.Product) -> stripe.Price:
    """Something that is paid once: 5.00 USD."""
    return one_time(client, product)


def _told(client: stripe.StripeClient) -> list[str]:
    return [one.type for one in client.v1.events.list({"limit": 100}).data if one.type.startswith("checkout.")]


@pytest.mark.belief("a payment's session names its payment intent when it is completed, and not before", "D")
def test_payment_has_an_intent(
    client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The intent has succeeded with the session's amount and the data that the session carried for it."""
    data = {"metadata": {"order": "7"}, "description": "Order 7", "receipt_email": "ada@example.com"}
    session = open_session(client, {"price": once.id, "quantity": 2}, mode="payment", payment_intent_data=data)
    assert session.payment_intent is None
    done = stripe_emulator.complete_checkout(session.id)
    assert done["payment_status"] == "paid"
    intent = client.v1.payment_intents.retrieve(done["payment_intent"], {"expand": ["latest_charge"]})
    assert (intent.status, intent.amount, intent.amount_received, intent.currency) == ("succeeded", 1000, 1000, "usd")
    assert (intent.description, intent.receipt_email) == ("Order 7", "ada@example.com")
    assert intent.to_dict()["metadata"] == {"order": "7"}
    assert intent.latest_charge is not None
    assert [one.id for one in client.v1.checkout.sessions.list({"payment_intent": intent.id}).data] == [session.id]
    shown = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert shown.to_dict()["payment_intent"]["id"] == intent.id


def test_kept_card_can_be_charged_later(
    client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """With `setup_future_usage` the card belongs to the customer; without it, it does not."""
    kept = open_session(client, once, mode="payment", payment_intent_data={"setup_future_usage": "off_session"})
    customer = stripe_emulator.complete_checkout(kept.id)["customer"]
    assert len(client.v1.payment_methods.list({"customer": customer}).data) == 1
    used = open_session(client, once, mode="payment", customer_creation="always")
    customer = stripe_emulator.complete_checkout(used.id)["customer"]
    assert not client.v1.payment_methods.list({"customer": customer}).data


@pytest.mark.belief("a declined card leaves the session open, and the customer reads why", "D")
@pytest.mark.parametrize(
    ("card", "words"),
    [
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "Your card has insufficient funds."),
        ("pm_card_chargeDeclinedExpiredCard", "Your card has expired."),
        ("pm_card_chargeDeclinedIncorrectCvc", "Your card's security code is incorrect."),
        ("pm_card_threeDSecureRequiredChargeDeclined", "Your card was declined."),
    ],
)
def test_declined_payment_leaves_the_session_open(
    client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient, card: str, words: str
) -> None:
    """Each decline has its sentence, and nothing of it stays with the session."""
    session = open_session(client, once, mode="payment")
    with pytest.raises(ValueError, match=words):
        stripe_emulator.complete_checkout(session.id, payment_method=card)
    again = client.v1.checkout.sessions.retrieve(session.id)
    assert (again.status, again.payment_intent) == ("open", None)


@pytest.mark.belief("a debit completes the session unpaid, and is told when it arrives days later", "D")
def test_debit_arrives(client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient) -> None:
    """Complete and unpaid at first; four days later paid, and told."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, once, mode="payment", **BANK)
    done = stripe_emulator.complete_checkout(session.id, payment_method="pm_usBankAccount_success")
    assert (done["status"], done["payment_status"]) == ("complete", "unpaid")
    assert client.v1.payment_intents.retrieve(done["payment_intent"]).status == "processing"
    assert _told(client) == ["checkout.session.completed"]
    stripe_emulator.clock.set(NOON + 4 * DAY - 1)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    stripe_emulator.clock.set(NOON + 4 * DAY)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert _told(client) == ["checkout.session.async_payment_succeeded", "checkout.session.completed"]


@pytest.mark.belief("a debit that comes back is told, and the session stays complete and unpaid", "D")
def test_debit_comes_back(client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient) -> None:
    """The event shows the session as it is."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, once, mode="payment", **BANK)
    stripe_emulator.complete_checkout(session.id, payment_method="pm_usBankAccount_insufficientFunds")
    stripe_emulator.clock.advance(5 * DAY)
    shown = client.v1.checkout.sessions.retrieve(session.id)
    assert (shown.status, shown.payment_status) == ("complete", "unpaid")
    event = client.v1.events.list({"type": "checkout.session.async_payment_failed"}).data[0]
    assert (event.data.object["id"], event.created) == (session.id, NOON + 4 * DAY)


def test_debit_arrives_when_a_test_says_so(
    client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The admin call settles it without a clock."""
    session = open_session(client, once, mode="payment", **BANK)
    done = stripe_emulator.complete_checkout(session.id, payment_method="pm_usBankAccount_success")
    stripe_emulator.call("POST", f"/payment_intents/{done['payment_intent']}/settle", {"outcome": "fail"})
    assert _told(client)[0] == "checkout.session.async_payment_failed"


def test_bank_account_must_be_allowed(
    client: stripe.StripeClient, once: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A session takes cards unless it says otherwise; what is not emulated is refused."""
    session = open_session(client, once, mode="payment")
    assert session.payment_method_types == ["card"]
    with pytest.raises(ValueError, match="does not take us_bank_account"):
        stripe_emulator.complete_checkout(session.id, payment_method="pm_usBankAccount_success")
    assert open_session(client, once, mode="payment", **BANK).payment_method_types == ["card", "us_bank_account"]
    with pytest.raises(stripe.InvalidRequestError, match="does not support"):
        open_session(client, once, mode="payment", allowed_payment_method_types=["ideal"])
    with pytest.raises(stripe.InvalidRequestError, match="does not support"):
        open_session(client, once, mode="payment", excluded_payment_method_types=["card"])


@pytest.mark.belief("a setup's session names its setup intent when it is completed", "D")
def test_setup_has_an_intent(
    client: stripe.StripeClient, payer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """It has succeeded, with the session's metadata for it, also where the bank asks."""
    data: Any = {"metadata": {"for": "later"}}
    asked: Any = {
        "mode": "setup",
        "currency": "usd",
        "success_url": URL,
        "customer": payer.id,
        "setup_intent_data": data,
    }
    session = client.v1.checkout.sessions.create(asked)
    done = stripe_emulator.complete_checkout(session.id, payment_method="pm_card_authenticationRequiredOnSetup")
    intent = client.v1.setup_intents.retrieve(done["setup_intent"])
    assert (intent.status, intent.customer) == ("succeeded", payer.id)
    assert intent.to_dict()["metadata"] == {"for": "later"}
    other = client.v1.checkout.sessions.create(asked)
    with pytest.raises(ValueError, match="Your card was declined"):
        stripe_emulator.complete_checkout(other.id, payment_method="pm_card_visa_chargeDeclined")


@pytest.mark.belief("a payment's session must cost as much as can be charged (the sentence: M)", "D")
def test_too_little_is_refused(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Forty-nine cents are refused, fifty are not."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_session(client, one_time(client, product, 49), mode="payment")
    assert refused.value.code == "amount_too_small"
    assert open_session(client, one_time(client, product, 50), mode="payment").amount_total == 50
