"""Error cases of products, prices, coupons, promotion codes and tax rates. https://docs.stripe.com/error-codes."""

from __future__ import annotations

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.refusals.cases import Refused, case, show
from tests.stripe_emulator.sides import Side

PRICE = "POST /v1/prices"
COUPON = "POST /v1/coupons"
CODE = "POST /v1/promotion_codes"
USD = {"currency": "usd"}
SEAT = {"currency": "usd", "product": "{product}"}
TIERED = {**SEAT, "recurring[interval]": "month", "billing_scheme": "tiered", "tiers_mode": "graduated"}
PROMOTION = {"promotion[type]": "coupon", "promotion[coupon]": "{coupon}"}
TIERS = "tiers[0][up_to]"


@pytest.mark.real_stripe
@pytest.mark.parametrize(
    "refused",
    [
        case(28, "POST /v1/products", {"id": "{other}", "name": "Again"}, "^Product already exists.$"),
        case(29, "POST /v1/products/prod_nope", {"name": "New"}, "^No such product: 'prod_nope'$"),
        case(29, "DELETE /v1/products/prod_nope", {}, "^No such product: 'prod_nope'$"),
        case(30, "POST /v1/products/{product}", {"default_price": "price_nope"}, "^No such price: 'price_nope'$"),
        case(31, "POST /v1/products/{product}", {"default_price": "{foreign}"}, "{foreign}"),
        case(
            32,
            "DELETE /v1/products/{product}",
            {},
            "^This product cannot be deleted because it has one or more user-created prices.$",
        ),
        case(
            33, PRICE, {**USD, "unit_amount": "1"}, "^You must specify either `product` or `product_data` when creating"
        ),
        case(
            34,
            PRICE,
            {**SEAT, "unit_amount": "1", "product_data[name]": "New"},
            "^You may only specify one of these parameters: product, product_data.$",
        ),
        case(35, PRICE, {**USD, "unit_amount": "1", "product": "prod_nope"}, "^No such product: 'prod_nope'$"),
        case(36, PRICE, SEAT, "^Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.$"),
        case(
            37,
            PRICE,
            {**SEAT, "unit_amount": "1", "unit_amount_decimal": "1.5"},
            "^You may only specify one of these parameters: unit_amount, unit_amount_decimal.$",
        ),
        case(
            38,
            PRICE,
            {**SEAT, "billing_scheme": "tiered", "tiers_mode": "volume", TIERS: "inf", "tiers[0][unit_amount]": "1"},
            "^Prices with `type=one_time` are not supported with tiered billing.$",
        ),
        case(
            39,
            PRICE,
            {**SEAT, "unit_amount": "1", "recurring[interval]": "month", "recurring[usage_type]": "metered"},
            "^Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.$",
        ),
        case(
            40,
            PRICE,
            {
                **SEAT,
                "unit_amount": "1",
                "recurring[interval]": "month",
                "recurring[usage_type]": "metered",
                "recurring[meter]": "mtr_nope",
            },
            "^No such meter: 'mtr_nope'$",
        ),
        case(
            41,
            PRICE,
            {**SEAT, "unit_amount": "1", "lookup_key": "{held}"},
            r"^A price \(`{keyed}`\) already uses that lookup key.$",
        ),
        case(42, "GET /v1/prices/price_nope", {}, "^No such price: 'price_nope'$"),
        case(
            43,
            "POST /v1/prices/{price}",
            {"active": "false"},
            "^This price cannot be archived because it is the default price of its product.$",
        ),
        case(
            44,
            PRICE,
            {**SEAT, "unit_amount_decimal": "0.1234567890123"},
            "^Invalid decimal: 0.1234567890123; must contain at most 12 decimal places.$",
        ),
        case(45, PRICE, {**SEAT, "unit_amount": "-1"}, "^Invalid non-negative integer$"),
        case(
            46,
            PRICE,
            {**SEAT, "currency": "xyz", "unit_amount": "1"},
            "^Invalid currency: xyz. Stripe currently supports",
        ),
        case(48, PRICE, {**TIERED, TIERS: "9", "tiers[0][unit_amount]": "1"}, "inf"),
        case(
            48,
            PRICE,
            {
                **TIERED,
                TIERS: "9",
                "tiers[0][unit_amount]": "1",
                "tiers[1][up_to]": "5",
                "tiers[1][unit_amount]": "1",
                "tiers[2][up_to]": "inf",
                "tiers[2][unit_amount]": "1",
            },
            "order",
        ),
        case(
            48,
            PRICE,
            {**TIERED, TIERS: "inf", "tiers[0][unit_amount]": "1", "transform_quantity[divide_by]": "2"}
            | {"transform_quantity[round]": "up"},
            "cannot be combined",
            param="transform_quantity",
        ),
        case(
            48,
            PRICE,
            {**TIERED, TIERS: "inf", "tiers[0][flat_amount]": "1", "tiers[0][flat_amount_decimal]": "1.5"},
            "only specify one",
            param="tiers[0][flat_amount]",
        ),
    ],
)
def test_catalog_is_refused(side: Side, catalog: dict[str, str], refused: Refused) -> None:
    """Status, type, code, parameter and words are Stripe's."""
    show(side.url, catalog, refused, key=side.key)


@pytest.mark.error_case(48)
def test_tax_behavior_is_not_changed_back(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, catalog: dict[str, str]
) -> None:
    """Once it is said, it stays."""
    client.v1.prices.update(catalog["price"], {"tax_behavior": "exclusive"})
    refused = Refused(48, "POST /v1/prices/{price}", {"tax_behavior": "inclusive"}, "tax_behavior", "tax_behavior")
    show(stripe_emulator.url, catalog, refused)


@pytest.fixture
def discounts(client: stripe.StripeClient, side: Side) -> dict[str, str]:
    """A coupon, and an active code of it."""
    coupon, code = f"FIFTH{side.suffix}", f"s07-promo{side.suffix}"
    client.v1.coupons.create({"percent_off": 20, "id": coupon})
    client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon}, "code": code})
    return {"coupon": coupon, "code": code}


@pytest.mark.real_stripe
@pytest.mark.parametrize(
    "refused",
    [
        case(
            47,
            COUPON,
            {"amount_off": "5", "currency": "usd", "currency_options[EUR][amount_off]": "4"},
            "^Currencies must be lowercase when used as keys in a map. Use `eur` instead of `EUR`.$",
        ),
        case(50, COUPON, {"duration": "once"}, "^Must provide percent_off or amount_off.$"),
        case(
            51,
            COUPON,
            {"percent_off": "5", "amount_off": "5", "currency": "usd"},
            "^Received both percent_off and amount_off parameters. Please pass in only one.$",
        ),
        case(52, COUPON, {"amount_off": "5"}, "^You must pass currency when passing amount_off$"),
        case(
            53,
            COUPON,
            {"percent_off": "5", "duration": "repeating"},
            "^The duration_in_months param must be set when creating a coupon with a repeating duration$",
        ),
        case(
            54,
            COUPON,
            {"percent_off": "0"},
            r"^This value must be greater than or equal to 0.01 \(it currently is '0.0'\).$",
        ),
        case(
            55,
            COUPON,
            {"percent_off": "5", "redeem_by": "1000"},
            "^The parameter `redeem_by` expects a unix timestamp representing a date and time in the future. You",
        ),
        case(
            56,
            COUPON,
            {"percent_off": "5", "currency_options[eur][amount_off]": "4"},
            "^You may only specify one of these parameters: currency_options, percent_off.$",
        ),
        case(57, COUPON, {"percent_off": "5", "id": "{coupon}"}, "^Coupon already exists.$"),
        case(58, "GET /v1/coupons/NOPE123", {}, "^No such coupon: 'NOPE123'$"),
        case(59, CODE, {**PROMOTION, "promotion[coupon]": "NOPE1234"}, "^No such coupon: 'NOPE1234'$"),
        case(60, CODE, {"promotion[type]": "coupon"}, "^You must pass promotion.coupon when passing promotion$"),
        case(
            61,
            CODE,
            {**PROMOTION, "code": "{code}"},
            "^An active promotion code with `code: {code}` already exists.$",
        ),
        case(
            62,
            CODE,
            {**PROMOTION, "code": "has spaces!"},
            r"^This value must match the regex pattern. \(/.* does not match for the value has spaces!\).$",
        ),
        case(63, CODE, {**PROMOTION, "expires_at": "1000"}, "^The parameter `expires_at` expects a unix timestamp"),
        case(
            63,
            CODE,
            {**PROMOTION, "expires_at": "9000000000"},
            "^Invalid timestamp: can be no more than five years in the future.$",
        ),
        case(64, CODE, {**PROMOTION, "customer": "cus_nope"}, "^No such customer: 'cus_nope'$"),
        case(65, "GET /v1/promotion_codes/promo_nope", {}, "^No such promotion code: 'promo_nope'$"),
        case(66, "GET /v1/tax_rates/txr_nope", {}, "^No such tax rate: 'txr_nope'$"),
    ],
)
def test_discount_is_refused(side: Side, discounts: dict[str, str], refused: Refused) -> None:
    """Status, type, code, parameter and words are Stripe's."""
    show(side.url, discounts, refused, key=side.key)
