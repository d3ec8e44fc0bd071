"""Error cases of subscriptions, their items and checkout sessions. https://docs.stripe.com/error-codes."""

from __future__ import annotations

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.refusals.cases import Refused, case, show
from tests.stripe_emulator.sides import Side

CREATE = "POST /v1/subscriptions"
UPDATE = "POST /v1/subscriptions/{running}"
ITEM = "POST /v1/subscription_items"
CHECKOUT = "POST /v1/checkout/sessions"
ONE = {"customer": "{payer}", "items[0][price]": "{price}"}
LINE = {"mode": "subscription", "success_url": "https://example.com", "line_items[0][price]": "{price}"}


@pytest.mark.real_stripe
@pytest.mark.parametrize(
    "refused",
    [
        case(
            49,
            CREATE,
            {**ONE, "items[0][price]": "{archived}"},
            "^The price specified is inactive. This field only accepts active prices.$",
        ),
        case(
            49,
            CHECKOUT,
            {**LINE, "line_items[0][price]": "{archived}", "line_items[0][quantity]": "1"},
            "^The price specified is inactive. This field only accepts active prices.$",
            param="line_items[0][price]",
        ),
        case(87, CREATE, {**ONE, "customer": "{customer}"}, "^This customer has no attached payment source or default"),
        case(88, CREATE, {"customer": "{payer}"}, "^Missing required param: items.$"),
        case(89, CREATE, {**ONE, "items[0][price]": "price_x"}, "^No such price: 'price_x'$"),
        case(
            90,
            CREATE,
            {**ONE, "items[1][price]": "{price}"},
            "^Cannot create a Subscription with multiple Subscription Items with the same Price: ",
        ),
        case(
            91,
            UPDATE,
            {"items[0][price]": "{price}"},
            "^A new item with Price {price} can't be added to this Subscription because an existing .* {item}",
        ),
        case(91, ITEM, {"subscription": "{running}", "price": "{price}"}, "is already using that Price"),
        case(
            92,
            CREATE,
            {**ONE, "items[1][price]": "{euro}"},
            "^This `price` has `currency=eur`, but other items use `currency=usd`.",
        ),
        case(93, ITEM, {"subscription": "{running}", "price": "{euro}"}, "^The price specified only supports `eur`."),
        case(
            94,
            CREATE,
            {**ONE, "payment_behavior": "pending_if_incomplete"},
            "^Setting `payment_behavior` to `pending_if_incomplete` has no effect when creating a subscription.$",
        ),
        case(96, CREATE, {**ONE, "trial_end": "1000"}, "^The parameter `trial_end` expects a unix timestamp"),
        case(
            97,
            "POST /v1/subscriptions/{ended}",
            {"description": "late"},
            "^A canceled subscription can only update its cancellation_details and metadata.$",
        ),
        case(98, "DELETE /v1/subscriptions/{ended}", {}, "^No such subscription: '{ended}'$"),
        case(
            99,
            "POST /v1/subscriptions/{running}/resume",
            {},
            "^You can only resume a subscription if it is `paused`.$",
        ),
        case(100, "GET /v1/subscription_items", {}, "^Missing required param: subscription.$"),
        case(101, "GET /v1/subscription_items/si_nope", {}, "^Invalid subscription_item id: si_nope$"),
        case(102, ITEM, {"subscription": "{ended}", "price": "{euro}"}, "^No such subscription: '{ended}'$"),
        case(
            103,
            "POST /v1/subscription_items/{metered_item}",
            {"quantity": "2"},
            "^You cannot set the quantity for metered plans.$",
        ),
        case(
            104,
            CHECKOUT,
            {**LINE, "line_items[0][price]": "{metered}", "line_items[0][quantity]": "1"},
            r"^Quantity should not be specified where usage_type is `metered`. Remove quantity from `line_items\[0\]`$",
        ),
        case(105, CHECKOUT, LINE, r"^Quantity is required. Add `quantity` to `line_items\[0\]`$"),
    ],
)
def test_subscription_is_refused(side: Side, subscribed: dict[str, str], refused: Refused) -> None:
    """Status, type, code, parameter and words are Stripe's."""
    show(side.url, subscribed, refused, key=side.key)


@pytest.mark.error_case(95)
def test_card_that_asks_for_more(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, catalog: dict[str, str]
) -> None:
    """`error_if_incomplete` keeps nothing where 3D Secure would have to be asked."""
    card = "pm_card_authenticationRequired"
    customer = client.v1.customers.create(
        {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
    )
    params = {"customer": customer.id, "items[0][price]": "{price}", "payment_behavior": "error_if_incomplete"}
    words = "^Payment for this subscription requires additional user action, but the requested payment behavior"
    show(stripe_emulator.url, catalog, Refused(95, CREATE, params, words))


@pytest.mark.error_case(106)
def test_one_subscription_too_many(stripe_emulator: EmulatorClient, catalog: dict[str, str]) -> None:
    """Five hundred that run, of one customer: one is made, the others are copies of it in the emulator's own state."""
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    customer = client.v1.customers.create({"payment_method": "pm_card_visa"})
    client.v1.customers.update(
        customer.id, {"invoice_settings": {"default_payment_method": _card(client, customer.id)}}
    )
    client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": catalog["price"]}]})
    documents = stripe_emulator.snapshot()["documents"]
    (made,) = (one for one in documents if one[1] == "subscription")
    copies = [[*made[:2], f"sub_{number}", {**made[3], "id": f"sub_{number}"}] for number in range(499)]
    stripe_emulator.restore({"documents": [*documents, *copies]})
    show(
        stripe_emulator.url,
        catalog,
        Refused(106, CREATE, {"customer": customer.id, "items[0][price]": "{price}"}, "500"),
    )


def _card(client: stripe.StripeClient, customer: str) -> str:
    return client.v1.payment_methods.list({"customer": customer}).data[0].id
