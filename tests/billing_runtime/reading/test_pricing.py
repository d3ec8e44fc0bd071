"""What a quantity costs: by example, and held against the emulated Stripe's own invoices for any price."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import Tier, TransformQuantity
from billing_runtime.reading.pricing import Rate, charges, read_rate, rounded
from stripe_emulator.in_process import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
INCLUDED = 1000
GRADUATED = Rate("usd", tiers=(Tier(INCLUDED, Decimal(0)), Tier("inf", Decimal("0.04"))), tiers_mode="graduated")
VOLUME = Rate(
    "usd",
    tiers=(Tier(10, Decimal(500), Decimal(100)), Tier("inf", Decimal(400))),
    tiers_mode="volume",
)


def cost(rate: Rate, quantity: int) -> int:
    """The sum of the lines."""
    return sum(charge.amount for charge in charges(rate, quantity))


@pytest.mark.parametrize(
    ("quantity", "amount"), [(0, 0), (999, 0), (1000, 0), (1001, 0), (1012, 0), (1013, 1), (2000, 40)]
)
def test_the_included_amount_is_free(quantity: int, amount: int) -> None:
    """Up to what the first tier includes nothing is due; beyond it, each unit, rounded once at half a cent."""
    assert cost(GRADUATED, quantity) == amount


@pytest.mark.parametrize(("quantity", "amount"), [(0, 100), (9, 4600), (10, 5100), (11, 4400)])
def test_volume_charges_all_units_at_one_tier(quantity: int, amount: int) -> None:
    """Every unit costs what the last one's tier says, and only that tier's flat fee is due."""
    assert cost(VOLUME, quantity) == amount


def test_a_graduated_price_has_a_line_for_every_tier() -> None:
    """Units and flat fee of a tier are lines of their own, each rounded by itself."""
    tiers = (Tier(3, Decimal("0.5")), Tier(6, None, Decimal(70)), Tier("inf", Decimal("1.5"), Decimal(10)))
    lines = charges(Rate("usd", tiers=tiers, tiers_mode="graduated"), 7)
    said = [(one.tier, one.quantity, one.amount, one.flat_fee) for one in lines]
    assert said == [(1, 3, 2, False), (2, 1, 70, True), (3, 1, 2, False), (3, 1, 10, True)]


@pytest.mark.parametrize(
    ("rule", "quantity", "amount"),
    [("up", 0, 0), ("up", 1, 4), ("up", 1000, 4), ("up", 1001, 8), ("down", 999, 0), ("down", 1999, 4)],
)
def test_packages_round_as_they_say(rule: str, quantity: int, amount: int) -> None:
    """A package that was started counts, or only a full one does."""
    rate = Rate("usd", Decimal(4), transform_quantity=TransformQuantity(1000, rule))
    assert cost(rate, quantity) == amount


def test_less_than_nothing_costs_nothing() -> None:
    """Corrections may leave less than nothing; an invoice shows that as none."""
    assert charges(GRADUATED, -5) == charges(GRADUATED, 0)


@pytest.mark.parametrize(
    ("exact", "currency", "amount"),
    [
        ("0.5", "usd", 1), ("-0.5", "usd", -1), ("0.49", "usd", 0), ("2.5", "usd", 3),
        ("0.5", "jpy", 1), ("49", "isk", 0), ("50", "isk", 100), ("149", "ugx", 100), ("5", "kwd", 10), ("4", "bhd", 0),
    ],
)  # fmt: skip
def test_amounts_are_rounded_to_what_can_be_charged(exact: str, currency: str, amount: int) -> None:
    """Half goes away from zero; some currencies have no cents, others no tenths of one."""
    assert rounded(Decimal(exact), currency) == amount


def test_a_price_that_is_not_sold_in_a_currency_has_no_rate() -> None:
    """Nothing may be guessed: no option in the currency, no tiers in the body, no amount."""
    plain = {"currency": "usd", "billing_scheme": "per_unit", "unit_amount_decimal": "4"}
    assert read_rate(plain, "eur") is None
    assert read_rate(plain | {"unit_amount_decimal": None}, "usd") is None
    assert read_rate({"currency": "usd", "billing_scheme": "tiered", "tiers_mode": "volume"}, "usd") is None


@given(st.fractions(), st.sampled_from(["usd", "jpy", "isk", "kwd"]))
def test_rounding_is_never_off_by_more_than_half_a_step(exact: Fraction, currency: str) -> None:
    """What is charged is the nearest amount that the currency has, and has the sign of what is due."""
    step = {"isk": 100, "kwd": 10}.get(currency, 1)
    amount = rounded(exact, currency)
    assert abs(amount - exact) * 2 <= step
    assert amount % step == 0
    assert amount * exact >= 0


amounts = st.integers(0, 10**6).map(str) | st.decimals("0", "1000", places=6).map(str)
currencies = st.sampled_from(["usd", "jpy", "eur"])


@st.composite
def tiers(draw: st.DrawFn) -> list[Json]:
    """Tiers as Stripe takes them."""
    bounds = sorted(draw(st.sets(st.integers(1, 5000), min_size=1, max_size=4)))
    found = []
    for up_to in [*bounds, "inf"]:
        tier: Json = {"up_to": up_to}
        kinds = draw(st.sampled_from([("unit",), ("flat",), ("unit", "flat")]))
        tier |= {f"{kind}_amount_decimal": draw(amounts) for kind in kinds}
        found.append(tier)
    return found


@st.composite
def prices(draw: st.DrawFn) -> Json:
    """A monthly price as Stripe takes it."""
    plain: Json = {"currency": draw(currencies), "recurring": {"interval": "month"}}
    if draw(st.booleans()):
        mode = draw(st.sampled_from(["graduated", "volume"]))
        return plain | {"billing_scheme": "tiered", "tiers_mode": mode, "tiers": draw(tiers())}
    plain["unit_amount_decimal"] = draw(amounts)
    if draw(st.booleans()):
        rule = {"divide_by": draw(st.integers(2, 1000)), "round": draw(st.sampled_from(["up", "down"]))}
        plain["transform_quantity"] = rule
    return plain


@pytest.fixture(scope="module")
def client() -> Iterator[stripe.StripeClient]:
    """The SDK on an emulator of these tests' own, without a socket."""
    with Emulator() as emulator:
        base = emulator.url
        yield stripe.StripeClient(emulator.key, base_addresses={"api": base}, http_client=emulator.http_client(stripe))


@pytest.fixture(scope="module")
def product(client: stripe.StripeClient) -> str:
    """Something to sell."""
    return client.v1.products.create({"name": "Anything"}).id


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(price=prices(), quantity=st.integers(0, 12_000), data=st.data())
def test_any_price_costs_what_stripe_charges(
    client: stripe.StripeClient, product: str, price: Json, quantity: int, data: st.DataObject
) -> None:
    """For any price and quantity the lines are those of the preview, to the cent: also where a tier ends."""
    edges = [tier["up_to"] + step for tier in price.get("tiers", [])[:-1] for step in (-1, 0, 1)]
    quantity = data.draw(st.sampled_from([quantity, *edges]))
    params: Any = price | {"product": product, "expand": ["tiers"]}
    made = client.v1.prices.create(params)
    rate = read_rate(made.to_dict(for_json=True), price["currency"])
    assert rate is not None
    details: Any = {"items": [{"price": made.id, "quantity": quantity}]}
    preview = client.v1.invoices.create_preview(
        {"customer_details": {}, "currency": price["currency"], "subscription_details": details}
    )
    mine = [(one.quantity, one.amount, one.unit_amount) for one in charges(rate, quantity)]
    assert mine == [(line.quantity, line.amount, _unit(line)) for line in preview.lines.data]


def _unit(line: stripe.InvoiceLineItem) -> Decimal:
    assert line.pricing is not None
    return Decimal(line.pricing.unit_amount_decimal or 0)
