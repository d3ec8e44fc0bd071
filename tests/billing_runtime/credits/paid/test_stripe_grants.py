"""`billing.credits.stripe`: Stripe's own credits, made once for a key, whatever answer is lost."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import CreditConflict, InvalidInput, NoCustomer, StripeRefused, StripeUnavailable, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import StripeGrant
    from tests.billing_runtime.credits.paid.conftest import Shop

METERED = "alpaca-ai.tokens"


def made(shop: Shop) -> int:
    """How many grants there are at Stripe."""
    return len(shop.client.v1.billing.credit_grants.list({"limit": 100}).data)


def give(shop: Shop, key: str = "k", **more: Any) -> StripeGrant:
    """Five dollars."""
    return shop.billing.credits.stripe.create("org_1", 500, "usd", idempotency_key=key, **more)


def test_a_grant_says_what_was_asked_for(shop: Shop) -> None:
    """Everything that can be said of a grant must reach Stripe and come back."""
    until = shop.clock.now + timedelta(days=400)
    since = shop.clock.now + timedelta(days=300)
    grant = give(
        shop, category="promotional", priority=3, prices=[METERED], name="Sorry", effective_at=since, expires_at=until,
        metadata={"why": "outage"},
    )  # fmt: skip
    assert (grant.amount, grant.currency, grant.category, grant.priority) == (500, "usd", "promotional", 3)
    assert (grant.prices, grant.name, grant.idempotency_key) == ((METERED,), "Sorry", "k")
    assert (grant.effective_at, grant.expires_at, grant.voided_at) == (since, until, None)
    body = shop.client.v1.billing.credit_grants.retrieve(grant.id)
    assert body.metadata["why"] == "outage"
    plain = give(shop, "other")
    assert (plain.category, plain.priority, plain.prices, plain.expires_at) == ("paid", 50, None, None)
    assert shop.billing.credits.stripe.list("org_1") == (plain, grant)
    assert shop.billing.credits.stripe.get(grant.id) == grant


def test_a_key_grants_once(shop: Shop) -> None:
    """The same key must be answered with the same grant, also much later; another grant under it is refused."""
    first = give(shop)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: give(shop), range(8))) == {first}
    shop.clock.advance(days=3)
    assert give(shop) == first
    others: list[dict[str, Any]] = [
        {"priority": 1}, {"category": "promotional"}, {"prices": [METERED]}, {"name": "x"},
    ]  # fmt: skip
    for other in others:
        with pytest.raises(CreditConflict, match="'k'"):
            give(shop, **other)
    assert made(shop) == 1


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=2)])
def test_a_lost_answer(shop: Shop, later: timedelta) -> None:
    """Made, and the answer lost: a repeated call must find it, also after Stripe has forgotten the key."""
    shop.emulator.cut_next("after", count=9, method="POST", path="/v1/billing/credit_grants")
    with pytest.raises(StripeUnavailable):
        give(shop)
    shop.emulator.clear_faults()
    shop.clock.advance(seconds=later.total_seconds())
    shop.emulator.clock.advance(int(later.total_seconds()))
    assert give(shop).id == shop.billing.credits.stripe.list("org_1")[0].id
    assert made(shop) == 1


def test_what_is_left(shop: Shop) -> None:
    """The summary must tell what is left in each currency: of all, of one grant, of what pays for some prices."""
    grant = give(shop, prices=[METERED])
    shop.billing.credits.stripe.create("org_1", 700, "USD", idempotency_key="2")
    (all_,) = shop.billing.credits.stripe.balance("org_1", prices=[METERED])
    assert (all_.currency, all_.available, all_.ledger) == ("usd", 1200, 1200)
    (one,) = shop.billing.credits.stripe.balance("org_1", grant_id=grant.id)
    assert one.available == 500
    (every,) = shop.billing.credits.stripe.balance("org_1")
    assert every.available == 700
    with pytest.raises(InvalidInput, match="not both"):
        shop.billing.credits.stripe.balance("org_1", grant_id=grant.id, prices=[METERED])


def test_what_was_booked(shop: Shop) -> None:
    """Each booking must be told with its sign and kind, and with the invoice it went to, in pages."""
    grant = give(shop)
    customer = shop.billing.customers.require("org_1").id
    shop.client.v1.subscriptions.create({"customer": customer, "items": [{"price": shop.price(METERED)}]})
    event: Any = {"event_name": "alpaca_ai_tokens", "payload": {"stripe_customer_id": customer, "value": "50000"}}
    shop.client.v1.billing.meter_events.create(event)
    shop.emulator.clock.advance(32 * 86400)
    shop.emulator.clock.run()
    shop.billing.credits.stripe.expire(grant.id)
    found = shop.billing.credits.stripe.transactions("org_1")
    assert [(one.kind, one.amount, one.currency) for one in found] == [
        ("credits_expired", -300, "usd"), ("credits_applied", -200, "usd"), ("credits_granted", 500, "usd"),
    ]  # fmt: skip
    assert str(found[1].invoice_id).startswith("in_")
    assert {one.grant_id for one in found} == {grant.id}
    assert shop.billing.credits.stripe.transactions("org_1", limit=1) == found[:1]
    assert shop.billing.credits.stripe.transactions("org_1", after=found[0].id, grant_id=grant.id) == found[1:]
    with pytest.raises(InvalidInput):
        shop.billing.credits.stripe.transactions("org_1", limit=0)


def test_voiding_and_expiring(shop: Shop) -> None:
    """Each must end a grant, and be answered the same when it is repeated; one does not do for the other."""
    stripe = shop.billing.credits.stripe
    voided = stripe.void(give(shop).id)
    assert voided.voided_at is not None
    assert stripe.void(voided.id) == voided
    with pytest.raises(StripeRefused):
        stripe.expire(voided.id)
    expired = stripe.expire(give(shop, "2").id)
    assert expired.expires_at is not None
    assert stripe.expire(expired.id) == expired
    with pytest.raises(StripeRefused):
        stripe.void(expired.id)
    assert sum(one.available for one in stripe.balance("org_1")) == 0


@pytest.mark.parametrize("how", ["void", "expire"])
def test_the_answer_of_an_end_is_lost(shop: Shop, how: str) -> None:
    """Ended, and the answer lost: a repeated call must find it ended."""
    grant = give(shop)
    shop.emulator.cut_next("after", count=9, method="POST", path=f"/v1/billing/credit_grants/*/{how}")
    end = getattr(shop.billing.credits.stripe, how)
    with pytest.raises(StripeUnavailable):
        end(grant.id)
    shop.emulator.clear_faults()
    assert end(grant.id).id == grant.id


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0}, {"amount": 1.5}, {"amount": True}, {"currency": "us"}, {"currency": "u1d"},
        {"category": "free"}, {"priority": 101}, {"prices": []}, {"prices": ["team.monthly"]}, {"name": ""},
        {"idempotency_key": ""}, {"metadata": {"billing:x": "y"}},
    ],
)  # fmt: skip
def test_what_cannot_be_granted(shop: Shop, wrong: dict[str, Any]) -> None:
    """What Stripe would refuse, or take for something else, must be refused before it is asked."""
    asked: dict[str, Any] = {"amount": 500, "currency": "usd", "idempotency_key": "k", **wrong}
    with pytest.raises(InvalidInput):
        shop.billing.credits.stripe.create("org_1", asked.pop("amount"), asked.pop("currency"), **asked)
    assert made(shop) == 0


def test_who_and_what_is_not_there(open_shop: Callable[..., Shop]) -> None:
    """Entities without a customer and prices that there are not must be named."""
    shop = open_shop()
    for call in (
        lambda: give(shop),
        lambda: shop.billing.credits.stripe.list("org_1"),
        lambda: shop.billing.credits.stripe.balance("org_1"),
        lambda: shop.billing.credits.stripe.transactions("org_1"),
    ):
        with pytest.raises(NoCustomer):
            call()
    shop.customer()
    with pytest.raises(UnknownName, match="did you mean"):
        give(shop, prices=["alpaca-ai.token"])


def test_without_blocking(shop: Shop) -> None:
    """The same calls must be there as awaitables."""

    async def use() -> int:
        stripe = shop.billing.aio.credits.stripe
        grant = await stripe.create("org_1", 500, "usd", idempotency_key="k")
        await stripe.void(grant.id)
        return len(await stripe.list("org_1"))

    assert asyncio.run(use()) == 1


def test_every_call_is_mirrored(shop: Shop) -> None:
    """Whatever asks Stripe must be there as an awaitable."""
    calls = {name for name in vars(type(shop.billing.credits.stripe)) if not name.startswith("_")}
    assert calls == {name for name in vars(type(shop.billing.aio.credits.stripe)) if not name.startswith("_")}
