"""Answers in the shape of the version that a request names. https://docs.stripe.com/api/versioning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from stripe_emulator.parameters import api_versions
from stripe_emulator.versions import shaped, shaped_event
from tests.stripe_emulator.answers import body

ACACIA: Any = {"stripe_version": "2025-02-24.acacia"}
BASIL: Any = {"stripe_version": "2025-08-27.basil"}


@pytest.fixture
def subscription(client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price) -> stripe.Subscription:
    """Return a subscription with one item."""
    return client.v1.subscriptions.create({"customer": payer.id, "items": [{"price": seat.id}]})


@pytest.mark.real_stripe
@pytest.mark.belief("before basil the period stands on the subscription, since then on its items", "R S")
def test_period_moved_to_the_items(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """The same seconds, in one place or the other."""
    new, old = (body(client.v1.subscriptions.retrieve(subscription.id, options=one)) for one in (BASIL, ACACIA))
    period = {"current_period_end", "current_period_start"}
    assert not period & new.keys()
    assert not period & old["items"]["data"][0].keys()
    assert {name: old[name] for name in period} == {name: new["items"]["data"][0][name] for name in period}


def test_lists_have_the_shape_of_the_version(client: stripe.StripeClient, subscription: stripe.Subscription) -> None:
    """Every element of a list is turned, and what is inside of it."""
    listed = body(client.v1.subscriptions.list(options=ACACIA))["data"][0]
    assert listed == body(client.v1.subscriptions.retrieve(subscription.id, options=ACACIA))


def test_item_alone_has_the_shape_of_the_version(
    client: stripe.StripeClient, subscription: stripe.Subscription
) -> None:
    """An item says nothing of a period before basil."""
    item = subscription["items"].data[0].id
    assert "current_period_end" not in body(client.v1.subscription_items.retrieve(item, options=ACACIA))
    assert "current_period_end" in body(client.v1.subscription_items.retrieve(item))


@pytest.mark.belief("before clover a promotion code has its whole coupon, and is made with its id", "S D")
def test_promotion_code_has_its_coupon_whole(client: stripe.StripeClient) -> None:
    """Asked for and answered in the older words; the newer ones are unknown then and now the older ones are."""
    coupon = client.v1.coupons.create({"percent_off": 20, "id": "FIFTH"})
    made = client.raw_request("post", "/v1/promotion_codes", coupon=coupon.id, code="OLD", **BASIL)
    old = client.deserialize(made, api_mode="V1").to_dict()
    assert (old["coupon"]["id"], old["coupon"]["valid"], "promotion" in old) == ("FIFTH", True, False)
    new = body(client.v1.promotion_codes.retrieve(old["id"]))
    assert (new["promotion"], "coupon" in new) == ({"type": "coupon", "coupon": "FIFTH"}, False)
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: coupon"):
        client.raw_request("post", "/v1/promotion_codes", coupon=coupon.id)


@pytest.mark.real_stripe
@pytest.mark.belief("before 2024-04-10 the marketing features of a product were its features", "S D")
def test_features_of_a_product_before_they_were_marketing(client: stripe.StripeClient) -> None:
    """Asked for and answered in the older words."""
    answer = client.raw_request(
        "post", "/v1/products", name="Team", features=[{"name": "SSO"}], stripe_version="2023-10-16"
    )
    old = client.deserialize(answer, api_mode="V1").to_dict()
    assert (old["features"], "marketing_features" in old) == ([{"name": "SSO"}], False)
    assert client.v1.products.retrieve(old["id"]).marketing_features[0].name == "SSO"


@pytest.mark.belief("before acacia an alert has a threshold's configuration and a filter of its own", "S")
def test_alert_before_acacia(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """Asked for and answered in the older words."""
    config = {"gte": 5, "meter": meter.id, "recurrence": "one_time"}
    answer = client.raw_request(
        "post",
        "/v1/billing/alerts",
        alert_type="usage_threshold",
        title="Five",
        usage_threshold_config=config,
        filter={"customer": customer.id},
        stripe_version="2024-06-20",
    )
    old = client.deserialize(answer, api_mode="V1").to_dict()
    assert (old["usage_threshold_config"]["gte"], old["filter"]) == (5, {"customer": customer.id})
    new = body(client.v1.billing.alerts.retrieve(old["id"]))
    assert new["usage_threshold"]["filters"] == [{"customer": customer.id, "type": "customer"}]


def test_events_keep_the_shape_of_their_own_version(
    client: stripe.StripeClient, subscription: stripe.Subscription
) -> None:
    """An older version asked for a list of events does not change what happened."""
    listed = body(client.v1.events.list(options=ACACIA))["data"]
    assert listed == body(client.v1.events.list())["data"]


@pytest.mark.parametrize("version", sorted(api_versions()))
def test_every_version_has_a_shape(
    client: stripe.StripeClient, subscription: stripe.Subscription, version: str
) -> None:
    """There is no version in which an answer fails, and the id is the same in all."""
    options: Any = {"stripe_version": version}
    assert client.v1.subscriptions.retrieve(subscription.id, options=options).id == subscription.id


def test_newest_shape_is_left_as_it_is() -> None:
    """Nothing is copied for the version that everything is stored in."""
    document = {"object": "subscription", "id": "sub_1", "items": {"object": "list", "data": []}}
    assert shaped(document, "2026-10-28.endive") is document


DISCOUNT = {"object": "discount", "id": "di_1", "source": {"type": "coupon", "coupon": "FIFTH"}}
COUPON = {"object": "coupon", "id": "FIFTH", "percent_off": 20.0}
INVOICE: Any = {
    "object": "invoice",
    "id": "in_1",
    "amount_due": 1200,
    "status": "paid",
    "discounts": ["di_1"],
    "parent": {
        "type": "subscription_details",
        "quote_details": None,
        "subscription_details": {"subscription": "sub_1", "metadata": {"a": "1"}},
    },
    "payments": {"object": "list", "data": [{"payment": {"type": "payment_intent", "payment_intent": "pi_1"}}]},
    "total_taxes": [
        {
            "amount": 200,
            "tax_behavior": "inclusive",
            "taxable_amount": 1000,
            "taxability_reason": None,
            "type": "tax_rate_details",
            "tax_rate_details": {"tax_rate": "txr_1"},
        }
    ],
    "lines": {
        "object": "list",
        "data": [
            {
                "object": "line_item",
                "id": "il_1",
                "parent": {
                    "type": "subscription_item_details",
                    "invoice_item_details": None,
                    "subscription_item_details": {
                        "invoice_item": None,
                        "proration": False,
                        "subscription": "sub_1",
                        "subscription_item": "si_1",
                    },
                },
                "pricing": {"type": "price_details", "price_details": {"price": "price_1", "product": "prod_1"}},
                "taxes": [],
            }
        ],
    },
}


def find(name: str, identifier: str) -> dict[str, Any] | None:
    """Find what the example names."""
    known: dict[tuple[str, str], Any] = {
        ("coupon", "FIFTH"): COUPON,
        ("payment_intent", "pi_1"): {"object": "payment_intent", "id": "pi_1", "latest_charge": "ch_1"},
        ("price", "price_1"): {"object": "price", "id": "price_1"},
        ("plan of a price", "price_1"): {"object": "plan", "id": "price_1"},
    }
    return known.get((name, identifier))


@pytest.mark.belief("before clover a discount has its whole coupon, since then a source that names it", "S D")
def test_discount_has_its_coupon_whole() -> None:
    """Found where it can be found, else named."""
    assert shaped(DISCOUNT, "2025-08-27.basil", find) == {"object": "discount", "id": "di_1", "coupon": COUPON}
    assert shaped(DISCOUNT, "2025-08-27.basil")["coupon"] == "FIFTH"
    assert shaped(DISCOUNT, "2025-09-30.clover", find) == DISCOUNT


@pytest.mark.belief(
    "before basil an invoice names its subscription, charge, payment intent, one discount and tax", "S D"
)
def test_invoice_before_basil() -> None:
    """What moved into parents, payments, pricing and taxes stands where it stood."""
    old = shaped(INVOICE, "2025-02-24.acacia", find)
    assert not {"parent", "payments", "total_taxes"} & old.keys()
    assert {name: old[name] for name in ("subscription", "charge", "payment_intent", "discount", "tax", "paid")} == {
        "subscription": "sub_1",
        "charge": "ch_1",
        "payment_intent": "pi_1",
        "discount": "di_1",
        "tax": 200,
        "paid": True,
    }
    assert (old["paid_out_of_band"], old["subscription_details"]) == (False, {"metadata": {"a": "1"}})
    assert old["total_tax_amounts"] == [
        {"amount": 200, "inclusive": True, "tax_rate": "txr_1", "taxability_reason": None, "taxable_amount": 1000}
    ]
    (line,) = old["lines"]["data"]
    assert not {"parent", "pricing", "taxes"} & line.keys()
    assert (line["type"], line["subscription_item"], line["proration"]) == ("subscription", "si_1", False)
    assert (line["price"]["id"], line["plan"]["object"], line["tax_amounts"]) == ("price_1", "plan", [])


def test_event_for_an_older_endpoint() -> None:
    """The object has the older shape, and so has what it was before."""
    item = {"object": "subscription_item", "current_period_start": 20, "current_period_end": 30}
    was = {**item, "current_period_start": 10, "current_period_end": 20}
    subscription = {"object": "subscription", "id": "sub_1", "items": {"object": "list", "data": [item]}}
    data = {"object": subscription, "previous_attributes": {"items": {"object": "list", "data": [was]}}}
    event = {"object": "event", "api_version": "2026-10-28.endive", "data": data}
    told = shaped_event(event, "2025-02-24.acacia")
    assert (told["api_version"], told["data"]["object"]["current_period_end"]) == ("2025-02-24.acacia", 30)
    assert told["data"]["previous_attributes"] == {"current_period_start": 10, "current_period_end": 20}
    assert shaped_event(event, "2026-08-26.dahlia") == {**event, "api_version": "2026-08-26.dahlia"}


def test_old_field_can_be_expanded_in_its_version_only(
    client: stripe.StripeClient, subscription: stripe.Subscription, stripe_emulator: EmulatorClient
) -> None:
    """`discount` of a subscription exists before basil."""
    params: Any = {"expand": ["discount"]}
    assert client.v1.subscriptions.retrieve(subscription.id, params, ACACIA)["discount"] is None
    with pytest.raises(stripe.InvalidRequestError, match="doesn't exist: discount"):
        client.v1.subscriptions.retrieve(subscription.id, params)


def test_asked_in_old_words(new_account: Callable[[], stripe.StripeClient]) -> None:
    """`billing_cycle_anchor` is a word before endive, and so refused with its own name where it is none."""
    client = new_account()
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription: 'sub_nope'"):
        client.raw_request(
            "post", "/v1/subscriptions/sub_nope", billing_cycle_anchor="unchanged", stripe_version="2026-08-26.dahlia"
        )
    with pytest.raises(stripe.InvalidRequestError, match="Invalid object"):
        client.raw_request("post", "/v1/subscriptions/sub_nope", billing_cycle_anchor="unchanged")


@pytest.mark.belief("an older client finds in an invoice, and expands, what it always did", "S D")
def test_invoice_of_a_subscription_before_basil(
    client: stripe.StripeClient, payer: stripe.Customer, seat: stripe.Price
) -> None:
    """`latest_invoice.payment_intent` is expanded as in those days; the coupon was a parameter of the subscription."""
    coupon = client.v1.coupons.create({"percent_off": 25, "duration": "forever"}).id
    answer = client.raw_request(
        "post",
        "/v1/subscriptions",
        customer=payer.id,
        items=[{"price": seat.id}],
        coupon=coupon,
        expand=["latest_invoice.payment_intent", "latest_invoice.charge"],
        **ACACIA,
    )
    old = client.deserialize(answer, api_mode="V1").to_dict()
    invoice, intent = old["latest_invoice"], old["latest_invoice"]["payment_intent"]
    assert (old["discount"]["object"], old["discount"]["coupon"]["percent_off"]) == ("discount", 25.0)
    assert (invoice["total"], invoice["paid"], intent["object"], intent["amount"]) == (900, True, "payment_intent", 900)
    assert (invoice["charge"]["id"], invoice["subscription"]) == (intent["latest_charge"], old["id"])
    charge = client.v1.charges.retrieve(intent["latest_charge"], {"expand": ["invoice"]}, ACACIA).to_dict()
    assert (intent["invoice"], charge["invoice"]["id"], charge["invoice"]["total"]) == (
        invoice["id"],
        invoice["id"],
        900,
    )
    (line,) = invoice["lines"]["data"]
    assert (line["price"]["id"], line["plan"]["id"], line["type"]) == (seat.id, seat.id, "subscription")
    assert not {"parent", "payments", "total_taxes"} & invoice.keys()
