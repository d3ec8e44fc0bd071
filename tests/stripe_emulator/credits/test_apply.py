"""What invoices do with credits: which could be spent, what is booked when they are, and given back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from stripe_emulator.accounts import scope_of
from stripe_emulator.call import Call
from stripe_emulator.clock import Clock
from stripe_emulator.emulator import Emulator
from stripe_emulator.messages import Request
from stripe_emulator.objects.credits.allocation import Charge, Use
from stripe_emulator.objects.credits.apply import apply_credits, previewed, reinstate_credits

NOW = 1_700_000_000
DAY = 86400
KEY = "Bearer sk_test_shop"


@dataclass
class Shop:
    """An account without a network, whose invoices a test plays."""

    emulator: Emulator

    def ask(self, method: str, path: str, /, **params: Any) -> dict[str, Any]:
        """Ask one of Stripe's addresses."""
        query, body = ("", urlencode(params).encode()) if method == "POST" else (urlencode(params), b"")
        prepared = self.emulator.prepare(Request(method, path, query, {"authorization": KEY}, body), "req_1")
        response = self.emulator.execute(prepared)
        assert response.status == 200, response.body
        return dict(json.loads(response.body))

    def grant(self, customer: str, value: int, /, **params: Any) -> str:
        """Grant credits for every metered price, and return the grant's id."""
        scope = (
            {} if any("scope" in name for name in params) else {"applicability_config[scope][price_type]": "metered"}
        )
        amount = {"amount[type]": "monetary", "amount[monetary][currency]": "usd", "amount[monetary][value]": value}
        asked = {"customer": customer, **amount, **scope, **params}
        return str(self.ask("POST", "/v1/billing/credit_grants", **asked)["id"])

    def bookings(self, customer: str) -> list[tuple[str, int, Any]]:
        """Return what was booked, newest first: kind, value, and the invoice and line it is about."""
        listed = self.ask("GET", "/v1/billing/credit_balance_transactions", customer=customer)["data"]
        details = [one["credit"] or one["debit"] for one in listed]
        lines = [one.get("credits_applied") or one.get("credits_application_invoice_voided") for one in details]
        return [
            (one["type"], one["amount"]["monetary"]["value"], line and tuple(line.values()))
            for one, line in zip(details, lines, strict=True)
        ]

    def begin(self) -> Call:
        """Begin what an invoice does."""
        return self.emulator.begin(scope_of(KEY))


@pytest.fixture
def shop() -> Shop:
    """Return an account at a moment that stands still."""
    return Shop(Emulator(clock=Clock(NOW)))


@pytest.fixture
def customer(shop: Shop) -> str:
    """Return a customer's id."""
    return str(shop.ask("POST", "/v1/customers")["id"])


@pytest.fixture
def prices(shop: Shop) -> list[str]:
    """Return two metered prices and a licensed one."""
    meter = shop.ask(
        "POST", "/v1/billing/meters",
        **{"display_name": "T", "event_name": "tokens", "default_aggregation[formula]": "sum"},
    )["id"]  # fmt: skip
    product = shop.ask("POST", "/v1/products", name="Team")["id"]
    plain = {"product": product, "currency": "usd", "unit_amount": 1, "recurring[interval]": "month"}
    metered = {"recurring[usage_type]": "metered", "recurring[meter]": meter}
    return [str(shop.ask("POST", "/v1/prices", **plain, **more)["id"]) for more in (metered, metered, {})]


def invoice(customer: str, /, currency: str = "usd") -> dict[str, Any]:
    """Return what credits must know of an invoice."""
    return {"id": "in_1", "customer": customer, "currency": currency}


def test_invoice_takes_credits_for_metered_lines(shop: Shop, customer: str, prices: list[str]) -> None:
    """One booking for each line and grant, with an id for the line; a licensed line pays for itself."""
    first, second = shop.grant(customer, 10, priority=1), shop.grant(customer, 100)
    call = shop.begin()
    charges = [Charge("il_1", prices[0], 7), Charge("il_2", prices[2], 50), Charge("il_3", prices[1], 5)]
    applied = apply_credits(call, invoice(customer), charges)
    shop.emulator.commit(call)
    assert [one.use for one in applied] == [Use(first, "il_1", 7), Use(first, "il_3", 3), Use(second, "il_3", 2)]
    assert shop.bookings(customer)[:3] == [
        ("credits_applied", 2, ("in_1", "il_3")),
        ("credits_applied", 3, ("in_1", "il_3")),
        ("credits_applied", 7, ("in_1", "il_1")),
    ]
    listed = shop.ask("GET", "/v1/billing/credit_balance_transactions", customer=customer)["data"]
    assert [one.transaction for one in applied] == [one["id"] for one in listed[2::-1]]
    assert [one["data"]["object"]["id"] for one in created(shop)[:3]] == [one["id"] for one in listed[:3]]


def created(shop: Shop) -> list[dict[str, Any]]:
    """Return the events of bookings, newest first."""
    return list(shop.ask("GET", "/v1/events", type="billing.credit_balance_transaction.created")["data"])


def test_preview_books_nothing(shop: Shop, customer: str, prices: list[str]) -> None:
    """It only says what an invoice would take."""
    grant = shop.grant(customer, 10)
    call = shop.begin()
    assert previewed(call, customer, "usd", [Charge("il_1", prices[0], 7)]) == [Use(grant, "il_1", 7)]
    assert call.store.changes == {}


@pytest.mark.belief("credits must be effective, not expired, of the invoice's currency and the customer's own", "D")
@pytest.mark.parametrize(
    ("terms", "after", "expected"),
    [
        ({}, 0, 7),
        ({"effective_at": NOW + DAY}, DAY - 1, 0),
        ({"effective_at": NOW + DAY}, DAY, 7),
        ({"expires_at": NOW + DAY}, DAY - 1, 7),
        ({"expires_at": NOW + DAY}, DAY, 0),
        ({"amount[monetary][currency]": "eur"}, 0, 0),
    ],
)
def test_credits_that_count_at_the_moment(
    shop: Shop, customer: str, prices: list[str], terms: Any, after: int, expected: int
) -> None:
    """Of finalization, to the second; another customer has none of it."""
    shop.grant(customer, 10, **terms)
    shop.emulator.clock.frozen = NOW + after
    shop.emulator.catch_up()
    call = shop.begin()
    charges = [Charge("il_1", prices[0], 7)]
    assert sum(one.use.amount for one in apply_credits(call, invoice(customer), charges)) == expected
    other = shop.ask("POST", "/v1/customers")["id"]
    assert previewed(shop.begin(), other, "usd", charges) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"priority": 1}, {"priority": 2, "expires_at": NOW + DAY}),
        ({"expires_at": NOW + DAY}, {}),
        ({"expires_at": NOW + DAY}, {"expires_at": NOW + 2 * DAY, "category": "promotional"}),
        ({"category": "promotional"}, {"category": "paid"}),
        ({"effective_at": NOW - DAY}, {}),
    ],
)
def test_grants_are_used_in_order(shop: Shop, customer: str, prices: list[str], first: Any, second: Any) -> None:
    """Whichever was granted first."""
    later, sooner = shop.grant(customer, 10, **second), shop.grant(customer, 10, **first)
    uses = previewed(shop.begin(), customer, "usd", [Charge("il_1", prices[0], 15)])
    assert [(use.grant, use.amount) for use in uses] == [(sooner, 10), (later, 5)]


def test_preview_of_a_later_moment_knows_what_is_over_by_then(shop: Shop, customer: str, prices: list[str]) -> None:
    """Though it is not booked yet."""
    shop.grant(customer, 10, expires_at=NOW + DAY)
    assert previewed(shop.begin().at(NOW + DAY), customer, "usd", [Charge("il_1", prices[0], 7)]) == []


@pytest.mark.belief("credits for some prices pay for lines of these only", "S")
def test_credits_for_some_prices(shop: Shop, customer: str, prices: list[str]) -> None:
    """Others are left alone."""
    grant = shop.grant(customer, 100, **{"applicability_config[scope][prices][0][id]": prices[1]})
    charges = [Charge("il_1", prices[0], 7), Charge("il_2", prices[1], 5)]
    assert previewed(shop.begin(), customer, "usd", charges) == [Use(grant, "il_2", 5)]


def finalized(shop: Shop, customer: str, price: str, amount: int) -> None:
    """Let an invoice take credits for one line."""
    call = shop.begin()
    apply_credits(call, invoice(customer), [Charge("il_1", price, amount)])
    shop.emulator.commit(call)


def voided(shop: Shop, customer: str) -> None:
    """Let the invoice give them back."""
    call = shop.begin()
    reinstate_credits(call, invoice(customer))
    shop.emulator.commit(call)


@pytest.mark.belief("a voided invoice gives its credits back", "S")
def test_voided_invoice_gives_back(shop: Shop, customer: str, prices: list[str]) -> None:
    """To the grants they came from, which can be used again."""
    shop.grant(customer, 10)
    finalized(shop, customer, prices[0], 7)
    voided(shop, customer)
    assert shop.bookings(customer) == [
        ("credits_application_invoice_voided", 7, ("in_1", "il_1")),
        ("credits_applied", 7, ("in_1", "il_1")),
        ("credits_granted", 10, None),
    ]
    finalized(shop, customer, prices[0], 20)
    assert shop.bookings(customer)[0] == ("credits_applied", 10, ("in_1", "il_1"))


@pytest.mark.belief("credits that come back after their end expire at once", "M")
def test_credits_that_come_back_too_late_expire(shop: Shop, customer: str, prices: list[str]) -> None:
    """Nobody can spend them."""
    shop.grant(customer, 10, expires_at=NOW + DAY)
    finalized(shop, customer, prices[0], 7)
    shop.emulator.clock.frozen = NOW + DAY
    shop.emulator.catch_up()
    voided(shop, customer)
    kinds = [(kind, value) for kind, value, _ in shop.bookings(customer)]
    assert kinds == [
        ("credits_expired", 7),
        ("credits_application_invoice_voided", 7),
        ("credits_expired", 3),
        ("credits_applied", 7),
        ("credits_granted", 10),
    ]


@pytest.mark.belief("a grant that paid for something cannot be voided, only expired (words: M)", "S")
def test_used_grant_can_only_expire(shop: Shop, customer: str, prices: list[str]) -> None:
    """What is left of it is booked out."""
    grant = shop.grant(customer, 10)
    finalized(shop, customer, prices[0], 7)
    request = Request("POST", f"/v1/billing/credit_grants/{grant}/void", "", {"authorization": KEY})
    refused = shop.emulator.execute(shop.emulator.prepare(request, "req_1"))
    assert (refused.status, b"cannot be voided" in refused.body) == (400, True)
    shop.ask("POST", f"/v1/billing/credit_grants/{grant}/expire")
    assert shop.bookings(customer)[0] == ("credits_expired", 3, None)
