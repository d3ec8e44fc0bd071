"""What does not make a checkout session, in Stripe's words where they are known."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import DAY, HALF_AN_HOUR, URL, one_time, open_session

NOW = 1_769_860_800


def refused(client: stripe.StripeClient, *items: Any, **params: Any) -> tuple[str, str | None]:
    """Return the sentence and the parameter of a refusal."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        open_session(client, *items, **params)
    return str(caught.value.user_message), caught.value.param


@pytest.mark.real_stripe
@pytest.mark.belief(
    "a parameter of another mode is refused (words known for `payment_intent_data`; for others M)", "I S"
)
def test_what_a_mode_does_not_take(client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product) -> None:
    """Each mode has parameters of its own."""
    once = one_time(client, product)
    assert refused(client, seat, payment_intent_data={"description": "x"})[0] == (
        "You can not pass `payment_intent_data` in `subscription` mode."
    )
    assert refused(client, once, mode="payment", subscription_data={"trial_period_days": 3})[1] == "subscription_data"
    assert refused(client, seat, mode="setup")[0] == "You can not pass `line_items` in `setup` mode."
    assert refused(client, seat, customer_creation="always")[1] == "customer_creation"
    assert refused(client, mode="setup")[0] == "Missing required param: currency."


@pytest.mark.real_stripe
@pytest.mark.belief("a checkout session has what its mode takes, and recurring prices in subscriptions only", "I")
def test_items_fit_the_mode(client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product) -> None:
    """What recurs is for subscriptions, and a subscription has something that recurs."""
    once = one_time(client, product)
    assert refused(client) == ("The `line_items` parameter is required in subscription mode.", "line_items")
    assert refused(client, once)[0] == (
        "You must provide at least one recurring price in `subscription` mode when using prices."
    )
    assert refused(client, once, seat, mode="payment") == (
        (
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices."
        ),
        "line_items[1]",
    )


def test_prices_are_there_and_active(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Unknown and archived prices are refused by the name of their item."""
    assert refused(client, {"price": "price_none", "quantity": 1}) == (
        "No such price: 'price_none'",
        "line_items[0][price]",
    )
    client.v1.prices.update(seat.id, {"active": False})
    assert refused(client, seat) == (
        "The price specified is inactive. This field only accepts active prices.",
        "line_items[0][price]",
    )
    assert refused(client, {"quantity": 1})[1] == "line_items[0][price]"


@pytest.mark.belief("line items need a quantity unless they are metered", "I")
def test_quantities(client: stripe.StripeClient, seat: stripe.Price, usage: stripe.Price) -> None:
    """Licensed prices need one, metered ones have none, adjustable ones stay within their bounds."""
    assert refused(client, {"price": seat.id}) == (
        "Quantity is required. Add `quantity` to `line_items[0]`",
        "line_items[0][quantity]",
    )
    assert refused(client, seat, {"price": usage.id, "quantity": 1}) == (
        "Quantity should not be specified where usage_type is `metered`. Remove quantity from `line_items[1]`",
        "line_items[1][quantity]",
    )
    bounds = {"enabled": True, "minimum": 2, "maximum": 5}
    item = {"price": seat.id, "quantity": 1, "adjustable_quantity": bounds}
    assert refused(client, item)[1] == "line_items[0][quantity]"
    bounds["maximum"] = 1_000_000
    assert refused(client, item)[1] == "line_items[0][adjustable_quantity][maximum]"
    assert refused(client, {"price": seat.id, "quantity": 0})[1] == "line_items[0][quantity]"


def test_one_currency(client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product) -> None:
    """All prices are sold in one currency, the first one's unless it is named."""
    euros = client.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 900, "recurring": {"interval": "month"}}
    )
    assert refused(client, seat, euros)[1] == "line_items[1][price]"
    assert refused(client, seat, currency="eur")[1] == "line_items[0][price]"


@pytest.mark.belief("20 recurring and 20 one-time items, 100 in payments (words: M)", "S")
def test_at_most_twenty_recurring_items(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A session takes what a subscription takes."""
    data = {"currency": "usd", "product": product.id, "recurring": {"interval": "month"}, "unit_amount": 1}
    items = [{"price_data": data, "quantity": 1}] * 21
    assert open_session(client, *items[:20]).amount_total == 20
    assert refused(client, *items)[1] == "line_items"


@pytest.mark.real_stripe
@pytest.mark.belief(
    "a hosted page has `success_url`, an embedded one `return_url` unless it never redirects (words of the latter: M)",
    "I",
)
def test_addresses_fit_the_page(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """A hosted page needs where success leads, an embedded one where to return to."""
    assert refused(client, seat, success_url=None)[0] == "Missing required param: success_url."
    assert refused(client, seat, ui_mode="embedded_page")[0] == (
        "The following parameters are not supported with 'ui_mode: embedded_page': success_url."
    )
    embedded = {"ui_mode": "embedded_page", "success_url": None}
    assert refused(client, seat, **embedded)[0] == "Missing required param: return_url."
    never = {**embedded, "redirect_on_completion": "never"}
    assert open_session(client, seat, **never).return_url is None
    assert refused(client, seat, **never, return_url=URL)[1] == "return_url"
    assert refused(client, seat, return_url=URL)[1] == "return_url"
    assert refused(client, seat, success_url="app.example.com") == ("Not a valid URL", "success_url")


@pytest.mark.real_stripe
@pytest.mark.belief("`customer` and `customer_email` exclude each other", "I")
def test_customer_or_email(client: stripe.StripeClient, seat: stripe.Price, payer: stripe.Customer) -> None:
    """A customer has an email already."""
    both = {"customer": payer.id, "customer_email": "ada@example.com"}
    assert refused(client, seat, **both) == (
        "You may only specify one of these parameters: customer, customer_email.",
        "customer",
    )
    assert refused(client, seat, customer="cus_none") == ("No such customer: 'cus_none'", "customer")


@pytest.mark.belief("a session is open for 30 minutes to 24 hours, a day by default", "I S")
def test_half_an_hour_to_a_day(client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: Any) -> None:
    """A session lasts 30 minutes at least and 24 hours at most."""
    stripe_emulator.clock.set(NOW)
    assert refused(client, seat, expires_at=NOW + HALF_AN_HOUR - 1) == (
        "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
        "expires_at",
    )
    assert refused(client, seat, expires_at=NOW + DAY + 1) == (
        "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
        "expires_at",
    )
    assert refused(client, seat, expires_at=NOW - 1)[1] == "expires_at"
    assert open_session(client, seat, expires_at=NOW + DAY).expires_at == NOW + DAY


@pytest.mark.belief("a trial in a session ends 48 hours ahead at least (words: M)", "S")
def test_trials(client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: Any) -> None:
    """A trial has days or an end, two days ahead at least."""
    stripe_emulator.clock.set(NOW)
    both = {"trial_period_days": 3, "trial_end": NOW + 3 * DAY}
    assert refused(client, seat, subscription_data=both)[1] == "subscription_data[trial_end]"
    assert refused(client, seat, subscription_data={"trial_end": NOW + DAY})[1] == "subscription_data[trial_end]"
    days = {"trial_period_days": 0}
    assert refused(client, seat, subscription_data=days)[1] == "subscription_data[trial_period_days]"


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"automatic_tax": {"enabled": True}}, "automatic_tax[enabled]"),
        ({"adaptive_pricing": {"enabled": True}}, "adaptive_pricing[enabled]"),
        ({"subscription_data": {"application_fee_percent": 2}}, "subscription_data[application_fee_percent]"),
        ({"ui_mode": "form"}, "ui_mode=form"),
    ],
)
def test_what_would_change_money_is_refused(
    client: stripe.StripeClient, seat: stripe.Price, params: dict[str, Any], name: str
) -> None:
    """What Stripe does and the emulator does not is refused with a sentence, never left out in silence."""
    said, param = refused(client, seat, **params)
    assert (said, param) == (f"The Stripe emulator does not support `{name}` here yet; Stripe itself does.", name)


def test_tax_rates_and_free_amounts_are_not_emulated(
    client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price
) -> None:
    """The same inside line items."""
    assert refused(client, {"price": seat.id, "quantity": 1, "tax_rates": ["txr_1"]})[1] == "line_items[0][tax_rates]"
    free = client.v1.prices.create({"product": product.id, "currency": "usd", "custom_unit_amount": {"enabled": True}})
    assert "custom_unit_amount" in refused(client, free, mode="payment")[0]
