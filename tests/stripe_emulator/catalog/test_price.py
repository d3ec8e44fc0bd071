"""Prices, through the official client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

MONTHLY: dict[str, Any] = {"interval": "month"}


def make(client: stripe.StripeClient, product: stripe.Product, **params: Any) -> stripe.Price:
    """Create a price in USD."""
    asked: Any = {"product": product.id, "currency": "usd", **params}
    return client.v1.prices.create(asked)


def refusal(client: stripe.StripeClient, product: stripe.Product, **params: Any) -> stripe.InvalidRequestError:
    """Return how Stripe refuses such a price, having made sure nothing was stored."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        make(client, product, **params)
    assert client.v1.prices.list().data == []
    return refused.value


def test_amount_is_echoed_in_both_spellings(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A whole amount has its decimal twin."""
    price = make(client, product, unit_amount=1200)
    assert (price.unit_amount, price.unit_amount_decimal, price.type) == (1200, Decimal(1200), "one_time")


@pytest.mark.real_stripe
@pytest.mark.belief("amounts have at most 12 decimals; a fraction has no integer twin", "R")
def test_fraction_has_no_integer(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A fraction of a minor unit stands only in the decimal."""
    price = make(client, product, unit_amount_decimal="0.000000000001", recurring=MONTHLY)
    assert (price.unit_amount, price.unit_amount_decimal) == (None, Decimal("0.000000000001"))


@settings(max_examples=25, deadline=None)
@given(amount=st.decimals(min_value=0, max_value=10**9, places=12))
def test_every_decimal_is_kept_exactly(new_account: Any, amount: Decimal) -> None:
    """Any amount with up to 12 places comes back as it was sent."""
    client = new_account()
    product = client.v1.products.create({"name": "Team"})
    assert make(client, product, unit_amount_decimal=format(amount, "f")).unit_amount_decimal == amount


def test_zero_is_a_price(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Free is an amount."""
    assert make(client, product, unit_amount=0, recurring=MONTHLY).unit_amount == 0
    below = make(client, product, unit_amount_decimal="-0.0").to_dict(for_json=True)
    assert (below["unit_amount"], below["unit_amount_decimal"]) == (0, "0")


@pytest.mark.parametrize(
    ("params", "param", "words"),
    [
        ({}, None, "require an `unit_amount`"),
        ({"unit_amount": 1, "unit_amount_decimal": "1"}, "unit_amount", "only specify one of these parameters"),
        ({"unit_amount": -1}, "unit_amount", "non-negative"),
        ({"unit_amount": "12.00"}, "unit_amount", "Invalid integer: 12.00"),
        ({"unit_amount_decimal": "0.1234567890123"}, "unit_amount_decimal", "at most 12 decimal places"),
        ({"unit_amount_decimal": "1E-12"}, "unit_amount_decimal", "Invalid decimal"),
        ({"unit_amount": 1, "active": "maybe"}, "active", "Invalid boolean: maybe"),
        ({"unit_amount": 1, "recurring": {"interval": "daily"}}, "recurring[interval]", "must be one of day, month"),
        ({"unit_amount": 1, "recurring": {}}, "recurring", "cannot be unset"),
        ({"unit_amount": 1, "recurring": "month"}, "recurring", "Invalid object"),
        ({"unit_amount": 1, "recurring": {**MONTHLY, "interval_count": 37}}, "recurring[interval_count]", "three"),
        ({"unit_amount": 1, "recurring": {**MONTHLY, "aggregate_usage": "sum"}}, "recurring[aggregate_usage]", "unk"),
        ({"unit_amount": 1, "transform_usage": {"divide_by": 2}}, "transform_usage", "unknown parameter"),
        ({"custom_unit_amount": {"enabled": False}}, None, "require an `unit_amount`"),
        (
            {"unit_amount": 1, "transform_quantity": {"divide_by": 0, "round": "up"}},
            "transform_quantity[divide_by]",
            "pos",
        ),
        ({"unit_amount": 1, "recurring": {**MONTHLY, "trial_period_days": -1}}, "recurring[trial_period_days]", "neg"),
        ({"unit_amount": 1, "lookup_key": "k" * 201}, "lookup_key", "at most 200 characters"),
        ({"unit_amount": 1, "metadata": {"k" * 41: "v"}}, "metadata", "at most 40"),
        ({"unit_amount": 1, "metadata": {"k": "v" * 501}}, "metadata", "at most 500"),
        ({"unit_amount": 1, "metadata": {f"k{n}": "v" for n in range(51)}}, "metadata", "at most 50"),
    ],
)
def test_bad_price_is_refused(
    client: stripe.StripeClient, product: stripe.Product, params: dict[str, Any], param: str, words: str
) -> None:
    """A price against the rules is refused at the parameter, and nothing is stored."""
    if params.get("recurring") == {}:
        params = {**params, "recurring": ""}
    error = refusal(client, product, **params)
    assert (error.http_status, error.param) == (400, param)
    assert words in str(error)


@pytest.mark.belief("metered prices stand on an active meter", "R")
def test_metered_price_needs_a_meter(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Usage without a meter is the old way."""
    error = refusal(client, product, unit_amount=1, recurring={**MONTHLY, "usage_type": "metered"})
    assert "metered prices must be backed by meters" in str(error)


def test_licensed_price_takes_no_meter(client: stripe.StripeClient, product: stripe.Product, meter: Any) -> None:
    """A meter means something only for usage."""
    error = refusal(client, product, unit_amount=1, recurring={**MONTHLY, "meter": meter.id})
    assert error.param == "recurring[meter]"


def test_unknown_meter_is_refused(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The meter must exist."""
    recurring = {**MONTHLY, "usage_type": "metered", "meter": "mtr_nope"}
    error = refusal(client, product, unit_amount=1, recurring=recurring)
    assert (error.code, error.param) == ("resource_missing", "recurring[meter]")


def test_inactive_meter_is_refused(client: stripe.StripeClient, product: stripe.Product, meter: Any) -> None:
    """A deactivated meter takes no new prices."""
    client.v1.billing.meters.deactivate(meter.id)
    recurring = {**MONTHLY, "usage_type": "metered", "meter": meter.id}
    assert refusal(client, product, unit_amount=1, recurring=recurring).param == "recurring[meter]"


def test_price_belongs_to_a_product(client: stripe.StripeClient) -> None:
    """A price without product is refused, in Stripe's words."""
    with pytest.raises(stripe.InvalidRequestError, match="specify either `product` or `product_data`"):
        client.v1.prices.create({"currency": "usd", "unit_amount": 1})


def test_product_and_product_data_exclude_each_other(client: stripe.StripeClient, product: stripe.Product) -> None:
    """One product per price."""
    assert refusal(client, product, unit_amount=1, product_data={"name": "New"}).param == "product"


def test_product_data_makes_the_product(client: stripe.StripeClient) -> None:
    """A price can bring its product."""
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 1, "product_data": {"name": "New"}, "expand": ["product"]}
    )
    assert isinstance(price.product, stripe.Product)
    assert price.product.name == "New"


def test_refused_price_leaves_no_product(client: stripe.StripeClient) -> None:
    """A request either happens as a whole or not at all."""
    client.v1.prices.create({"currency": "usd", "unit_amount": 1, "product_data": {"name": "A"}, "lookup_key": "k"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.prices.create({"currency": "usd", "unit_amount": 1, "product_data": {"name": "B"}, "lookup_key": "k"})
    assert [product.name for product in client.v1.products.list().data] == ["A"]


def test_unknown_currency_is_refused(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The currency must be one Stripe supports."""
    with pytest.raises(stripe.InvalidRequestError, match="Invalid currency: xyz"):
        client.v1.prices.create({"product": product.id, "currency": "xyz", "unit_amount": 1})


@pytest.mark.real_stripe
@pytest.mark.belief("an immutable field is an unknown parameter of the update", "R")
def test_amount_cannot_be_changed(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """What is immutable is an unknown parameter of the update."""
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: unit_amount"):
        client.raw_request("post", f"/v1/prices/{seat.id}", unit_amount=1)


def test_price_can_be_archived_and_come_back(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Archiving is not the end."""
    assert client.v1.prices.update(seat.id, {"active": False}).active is False
    assert client.v1.prices.update(seat.id, {"active": True}).active is True


@pytest.mark.real_stripe
@pytest.mark.belief("the default price of an active product cannot be archived", "I")
def test_default_price_cannot_be_archived(
    client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price
) -> None:
    """The default of an active product stays active, until another one or none is the default."""
    client.v1.products.update(product.id, {"default_price": seat.id})
    with pytest.raises(stripe.InvalidRequestError, match="because it is the default price of its product"):
        client.v1.prices.update(seat.id, {"active": False})
    client.v1.products.update(product.id, {"default_price": ""})
    assert client.v1.prices.update(seat.id, {"active": False}).active is False


@pytest.mark.real_stripe
@pytest.mark.belief("`tax_behavior` is set once (words: M)", "S")
def test_tax_behavior_is_set_once(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Unspecified becomes inclusive or exclusive, and then stays."""
    assert client.v1.prices.update(seat.id, {"tax_behavior": "inclusive"}).tax_behavior == "inclusive"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.prices.update(seat.id, {"tax_behavior": "exclusive"})
    assert refused.value.param == "tax_behavior"


@pytest.mark.real_stripe
@pytest.mark.belief("prices have no DELETE", "R")
def test_price_cannot_be_deleted(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """There is no such route."""
    with pytest.raises(stripe.InvalidRequestError, match=r"Unrecognized request URL \(DELETE: /v1/prices/") as refused:
        client.raw_request("delete", f"/v1/prices/{seat.id}")
    assert refused.value.http_status == 404


def test_unknown_price_is_a_404(client: stripe.StripeClient) -> None:
    """An id in the path that names nothing is a 404 at the path's own parameter."""
    with pytest.raises(stripe.InvalidRequestError, match="No such price: 'price_nope'") as refused:
        client.v1.prices.retrieve("price_nope")
    assert (refused.value.http_status, refused.value.param) == (404, "price")


def test_custom_amount_is_chosen_by_the_customer(client: stripe.StripeClient, product: stripe.Product) -> None:
    """`enabled` is not echoed, bounds are."""
    price = make(client, product, custom_unit_amount={"enabled": True, "minimum": 100})
    assert price.custom_unit_amount is not None
    assert price.custom_unit_amount.to_dict() == {"maximum": None, "minimum": 100, "preset": None}


def test_list_filters(client: stripe.StripeClient, seat: stripe.Price, usage: stripe.Price, meter: Any) -> None:
    """Prices are found by lookup key, type, meter and product."""
    client.v1.prices.update(seat.id, {"lookup_key": "team"})
    assert [price.id for price in client.v1.prices.list({"lookup_keys": ["team"]}).data] == [seat.id]
    assert [price.id for price in client.v1.prices.list({"recurring": {"meter": meter.id}}).data] == [usage.id]
    assert [price.id for price in client.v1.prices.list({"type": "recurring"}).data] == [usage.id, seat.id]
    assert client.v1.prices.list({"type": "one_time"}).data == []


def test_clearable_fields_of_a_price(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Nickname and lookup key can be taken away."""
    client.v1.prices.update(seat.id, {"nickname": "Seat", "lookup_key": "team"})
    cleared = client.v1.prices.update(seat.id, {"nickname": "", "lookup_key": ""})
    assert (cleared.nickname, cleared.lookup_key) == (None, None)


def test_interval_counts_from_one(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Every zero months is no interval."""
    error = refusal(client, product, unit_amount=1, recurring={**MONTHLY, "interval_count": 0})
    assert error.param == "recurring[interval_count]"


def test_upper_case_currency_is_understood(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Outside map keys Stripe does not mind."""
    price = client.v1.prices.create({"product": product.id, "currency": "USD", "unit_amount": 1})
    assert price.currency == "usd"


def test_metadata_of_a_price_merges(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """As everywhere."""
    client.v1.prices.update(seat.id, {"metadata": {"a": "1", "b": "1"}})
    assert client.v1.prices.update(seat.id, {"metadata": {"a": ""}}).to_dict()["metadata"] == {"b": "1"}


@pytest.mark.belief("without `active`, prices are listed that are active", "D")
def test_only_active_prices_are_listed_unasked(client: stripe.StripeClient) -> None:
    """An archived price is listed only where inactive ones are asked for."""
    product = client.v1.products.create({"name": "Team"})
    price = client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 1200})
    client.v1.prices.update(price.id, {"active": False})
    assert client.v1.prices.list().data == []
    assert [one.id for one in client.v1.prices.list({"active": False}).data] == [price.id]
