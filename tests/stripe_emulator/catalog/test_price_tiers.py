"""Tiered prices and prices in several currencies."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

MONTHLY: dict[str, Any] = {"interval": "month"}
TIERS: list[dict[str, Any]] = [{"up_to": 10, "unit_amount": 500}, {"up_to": "inf", "unit_amount_decimal": "400.5"}]
TIERED: dict[str, Any] = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": TIERS, "recurring": MONTHLY}


def make(client: stripe.StripeClient, product: stripe.Product, **params: Any) -> stripe.Price:
    """Create a price in USD."""
    asked: Any = {"product": product.id, "currency": "usd", **params}
    return client.v1.prices.create(asked)


def refusal(client: stripe.StripeClient, product: stripe.Product, **params: Any) -> stripe.InvalidRequestError:
    """Return how such a price is refused."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        make(client, product, **params)
    return refused.value


@pytest.mark.real_stripe
@pytest.mark.belief("tiers and currency options show only when expanded", "R")
def test_tiers_are_shown_when_expanded(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Tiers and currency options are left out unless asked for."""
    price = make(client, product, **TIERED)
    assert "tiers" not in price.to_dict()
    shown = client.v1.prices.retrieve(price.id, {"expand": ["tiers"]}).to_dict(for_json=True)["tiers"]
    assert [(tier["up_to"], tier["unit_amount"], tier["unit_amount_decimal"]) for tier in shown] == [
        (10, 500, "500"),
        (None, None, "400.5"),
    ]


@pytest.mark.real_stripe
@pytest.mark.belief("tiers end with `inf`, ascend, have an amount, exclude `transform_quantity` (words: M)", "S")
@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"tiers": TIERS[:1]}, "tiers"),
        ({"tiers": [{"up_to": 10, "unit_amount": 1}, {"up_to": 5, "unit_amount": 1}, TIERS[1]]}, "tiers"),
        ({"tiers": [TIERS[1], TIERS[1]]}, "tiers"),
        ({"tiers": [{"up_to": "inf"}]}, "tiers[0]"),
        ({"tiers": [{"up_to": "inf", "flat_amount": 1, "flat_amount_decimal": "1"}]}, "tiers[0][flat_amount]"),
        ({"tiers": [{"up_to": "inf", "unit_amount": -1}]}, "tiers[0][unit_amount]"),
        ({"tiers": [{"unit_amount": 1}]}, "tiers[0][up_to]"),
        ({"tiers": "many"}, "tiers"),
        ({"tiers_mode": None}, "tiers_mode"),
        ({"recurring": None}, "interval"),
        ({"billing_scheme": None, "unit_amount": 1}, "tiers"),
        ({"transform_quantity": {"divide_by": 10, "round": "up"}}, "transform_quantity"),
        ({"unit_amount": 1}, "unit_amount"),
    ],
)
def test_bad_tiers_are_refused(
    client: stripe.StripeClient, product: stripe.Product, change: dict[str, Any], param: str
) -> None:
    """Tiers follow each other to infinity, on a recurring price, each with an amount."""
    params = {name: value for name, value in {**TIERED, **change}.items() if value is not None}
    assert refusal(client, product, **params).param == param


def test_other_currencies_stand_beside_the_own_one(client: stripe.StripeClient, product: stripe.Product) -> None:
    """The price's own currency is mirrored among its options."""
    options = {"eur": {"unit_amount": 1100}}
    price = make(client, product, unit_amount=1200, currency_options=options, expand=["currency_options"])
    options = price.to_dict()["currency_options"]
    amounts = {currency: option["unit_amount"] for currency, option in options.items()}
    assert amounts == {"usd": 1200, "eur": 1100}


@pytest.mark.real_stripe
@pytest.mark.belief("other currencies need tiers with the same bounds", "M")
def test_options_of_a_tiered_price_have_its_bounds(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Each currency has its own tiers, with the same bounds."""
    other = [{"up_to": 20, "unit_amount": 1}, {"up_to": "inf", "unit_amount": 1}]
    error = refusal(client, product, **TIERED, currency_options={"eur": {"tiers": other}})
    assert error.param == "currency_options[eur][tiers]"
    same = [{"up_to": 10, "unit_amount": 1}, {"up_to": "inf", "unit_amount": 1}]
    assert make(client, product, **TIERED, currency_options={"eur": {"tiers": same}}).id


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"EUR": {"unit_amount": 1}}, "currency_options"),
        ({"xyz": {"unit_amount": 1}}, "currency_options[xyz]"),
        ({"eur": {"unit_amount": 1, "unit_amount_decimal": "1"}}, "currency_options[eur][unit_amount]"),
        ({"eur": {"tiers": TIERS, "unit_amount": 1}}, "currency_options[eur][unit_amount]"),
        ({"eur": {"wat": 1}}, "currency_options[eur][wat]"),
        ("eur", "currency_options"),
    ],
)
def test_bad_options_are_refused(
    client: stripe.StripeClient, product: stripe.Product, options: Any, param: str
) -> None:
    """Options obey the rules of prices."""
    assert refusal(client, product, unit_amount=1, currency_options=options).param == param


def test_options_can_be_added_and_cleared(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """An update adds currencies; an empty value leaves only the price's own."""
    added = client.v1.prices.update(
        seat.id, {"currency_options": {"eur": {"unit_amount": 1100}}, "expand": ["currency_options"]}
    )
    assert set(added.to_dict()["currency_options"]) == {"usd", "eur"}
    cleared = client.v1.prices.update(seat.id, {"currency_options": "", "expand": ["currency_options"]})
    assert set(cleared.to_dict()["currency_options"]) == {"usd"}


def test_own_option_cannot_be_changed(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """The mirror of the price's own amount stays its mirror."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.prices.update(seat.id, {"currency_options": {"usd": {"unit_amount": 1}}})
    assert refused.value.param == "currency_options[usd]"


def test_tax_behavior_is_mirrored(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """The option of the own currency follows the price's tax behavior."""
    price = client.v1.prices.update(seat.id, {"tax_behavior": "inclusive", "expand": ["currency_options"]})
    assert price.to_dict()["currency_options"]["usd"]["tax_behavior"] == "inclusive"


def test_tiers_of_an_untiered_price_are_refused(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """Another currency cannot be tiered where the price is not."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.prices.update(seat.id, {"currency_options": {"eur": {"tiers": [{"up_to": "inf", "unit_amount": 1}]}}})
    assert "tiers" in str(refused.value.param)


def euro(client: stripe.StripeClient, price: stripe.Price, **option: Any) -> dict[str, Any]:
    """Change a price's option in EUR, and return what it is then."""
    asked: Any = {"currency_options": {"eur": option}, "expand": ["currency_options"]}
    return dict(client.v1.prices.update(price.id, asked).to_dict()["currency_options"]["eur"])


@pytest.mark.real_stripe
@pytest.mark.belief("also in each of the other currencies; another amount there keeps it (the keeping: M)", "S")
def test_tax_behavior_of_an_option_is_set_once(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """In every currency for itself, and another amount does not undo it."""
    euro(client, seat, unit_amount=1100)
    assert euro(client, seat, unit_amount=1100, tax_behavior="inclusive")["tax_behavior"] == "inclusive"
    assert euro(client, seat, unit_amount=1000)["tax_behavior"] == "inclusive"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        euro(client, seat, unit_amount=1000, tax_behavior="exclusive")
    assert refused.value.param == "currency_options[eur][tax_behavior]"


def test_own_option_may_be_repeated(client: stripe.StripeClient, product: stripe.Product) -> None:
    """Naming the price's own amount again changes nothing."""
    own: Any = {"usd": {"unit_amount": 1200}}
    price = make(client, product, unit_amount=1200, tax_behavior="exclusive", currency_options=own)
    assert price.tax_behavior == "exclusive"
