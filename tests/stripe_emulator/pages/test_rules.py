"""What holds for the parts of pages whatever they are given: amounts, JSON, secrets, cards, forms."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_emulator.pages.card_form import CardForm, spaced
from stripe_emulator.pages.json_view import tokens
from stripe_emulator.pages.money import money, price_text
from stripe_emulator.pages.pdf import document
from stripe_emulator.pages.secrets import masked
from tests.stripe_emulator.checkout.checkouts import open_session

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NOON = 1_769_860_800
FIELDS = (
    "action", "email", "card_number", "card_expiry", "card_cvc", "quantity-0", "quantity-7", "optional-0",
    "promotion_code", "code", "bank", "shown", "name_on_card",
)  # fmt: skip
TYPED = st.text(max_size=30) | st.sampled_from(
    [
        "pay", "enter", "update", "more-0", "less-9", "fill-visa", "fill-", "bank-success", "apply_code", "12/34",
        "4242424242424242", "99999999999999999999", "-1", "\xb2", "\uff11\uff12",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1200, "usd", "$12.00"), (-50, "eur", "-€0.50"), (1200, "jpy", "¥1,200"), (1200, "chf", "12.00 CHF"),
        (1234567, "kwd", "1,234.567 KWD"), ("0.42", "usd", "$0.0042"), (0, "usd", "$0.00"), ("0.1", "jpy", "¥0.1"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_people_read_them(amount: Any, currency: str, written: str) -> None:
    """Whole yen, thousandths of a dinar, and prices below a cent."""
    assert money(amount, currency) == written


@given(st.integers(-(10**12), 10**12), st.sampled_from(["usd", "jpy", "bhd", "sek"]))
def test_no_amount_is_lost(amount: int, currency: str) -> None:
    """What is written is exactly what it was."""
    digits = "".join(one for one in money(amount, currency) if one.isdigit() or one in "-.")
    assert Decimal(digits) * {"jpy": 1, "bhd": 1000}.get(currency, 100) == amount


def test_prices_are_written_with_their_rhythm() -> None:
    """Every three months, for a thousand, from the first tier on."""
    price: dict[str, Any] = {
        "billing_scheme": "per_unit", "currency_options": {}, "unit_amount_decimal": "400", "transform_quantity": None,
        "recurring": {"interval": "month", "interval_count": 3, "usage_type": "licensed"},
    }  # fmt: skip
    assert price_text(price, "usd") == "$4.00 every 3 months"
    assert (
        price_text({**price, "transform_quantity": {"divide_by": 1000}, "recurring": None}, "usd") == "$4.00 for 1,000"
    )
    tiers = [{"unit_amount_decimal": None, "flat_amount_decimal": "900"}]
    tiered = {**price, "billing_scheme": "tiered", "currency_options": {"usd": {"tiers": tiers}}}
    assert price_text(tiered, "usd") == "from $9.00 every 3 months"


@given(JSON)
def test_json_is_shown_whole(value: Any) -> None:
    """Put together, the pieces are the value again."""
    assert json.loads("".join(one.text for one in tokens(value, lambda _name, _text: None))) == value


@given(JSON, st.sampled_from(["sk_" + "test_", "rk_" + "live_", "wh" + "sec_"]), st.text("abcXYZ019_", min_size=1))
def test_secrets_are_masked_wherever_they_stand(value: Any, kind: str, rest: str) -> None:
    """In values, in names, in lists, and inside of longer texts."""
    secret = kind + rest
    shown = json.dumps(masked({"a": [value, f"see {secret}."], secret: value, "client_secret": rest, "b": secret}))
    assert secret not in shown


@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=10))
def test_any_card_is_read(number: str, expiry: str, cvc: str) -> None:
    """Whatever is typed is good, or has a sentence beside its field."""
    form = CardForm(number, expiry, cvc)
    assert form.check(NOON) is not bool(form.problems)
    assert set(form.problems) <= {"card_number", "card_expiry", "card_cvc"}


@given(st.text("0123456789", min_size=12, max_size=19))
def test_one_wrong_digit_is_found(number: str) -> None:
    """Of the ten numbers that differ in their last digit, one can be a card's."""
    right = [last for last in "0123456789" if _is_valid(number[:-1] + last)]
    assert len(right) == 1
    assert _is_valid(spaced(number[:-1] + right[0]))


def _is_valid(number: str) -> bool:
    form = CardForm(number, "12/34", "1234")
    form.check(NOON)
    return form.problems.get("card_number") != "Your card number is invalid."


@given(st.lists(st.text(), max_size=120))
def test_any_lines_make_a_file(lines: list[str]) -> None:
    """As many pages as fifty-two lines each need, and each part where the table says."""
    content = document(lines)
    assert content.count(b"/Type /Page ") == max(1, -(-len(lines) // 52))
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start:].startswith(b"xref")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=st.dictionaries(st.sampled_from(FIELDS), TYPED, max_size=8))
def test_whatever_is_sent_is_answered(new_account: Callable[[], stripe.StripeClient], form: dict[str, str]) -> None:
    """A page, a way on, or a sentence; never a fault of ours."""
    client = new_account()
    product = client.v1.products.create({"name": "Team"})
    recurring: Any = {"interval": "month"}
    price = client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1200, "recurring": recurring}
    )
    item = {"price": price.id, "quantity": 1, "adjustable_quantity": {"enabled": True}}
    address = urlsplit(open_session(client, item, allow_promotion_codes=True).url)
    with closing(http.client.HTTPConnection(address.netloc)) as connection:
        body = urlencode(form, errors="surrogatepass")
        connection.request("POST", address.path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
    assert answer.status in (200, 303, 400)
