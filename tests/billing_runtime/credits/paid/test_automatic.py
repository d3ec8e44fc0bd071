"""Automatic top-ups: one for a burst, paid while the customer is away, granted once; declines are waited out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import AutoTopUp, CreditSettings, InvalidInput, NoCustomer, StripeUnavailable, TopUp, UnknownName
from tests.billing_runtime.credits.paid.conftest import OTHER, PACK, SEAT

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import AutoTopUpStatus
    from tests.billing_runtime.credits.paid.conftest import Shop

CHOSEN = AutoTopUp("credits", below=20, price=PACK)


def begin(shop: Shop, settings: AutoTopUp = CHOSEN, units: int = 100) -> None:
    """Credits to begin with, and a settlement."""
    shop.billing.credits.grant("org_1", "credits", units, source="to begin with")
    shop.billing.credits.auto_top_up("org_1", settings)


def status(shop: Shop) -> AutoTopUpStatus:
    """How it stands."""
    (found,) = shop.billing.credits.auto_top_ups("org_1")
    return found


def sweep(shop: Shop) -> int:
    """What a worker does every few seconds."""
    return shop.billing.credits._carrying_out.sweep()


def invoices(shop: Shop) -> list[tuple[str | None, int]]:
    """Status and total of every invoice there is, oldest first."""
    return [(one.status, one.total) for one in reversed(shop.client.v1.invoices.list().data)]


def test_too_little_buys_more(shop: Shop) -> None:
    """A use that leaves less than is wanted must be followed by a paid invoice and its credits, once."""
    begin(shop)
    assert shop.billing.consume("org_1", "credits", 80).remaining == 20
    assert (sweep(shop), status(shop).state) == (0, "ready")
    shop.billing.consume("org_1", "credits", 1)
    assert (status(shop).state, invoices(shop)) == ("pending", [])
    assert sweep(shop) == 1
    assert (shop.left(), invoices(shop)) == (119, [("paid", 1000)])
    shop.hear()
    assert (sweep(shop), shop.left()) == (0, 119)
    found = status(shop)
    assert (found.state, found.bought_this_month, found.spent_this_month) == ("ready", 1, 1000)
    assert found.invoice_id is not None


def test_a_burst_buys_once(shop: Shop) -> None:
    """However many uses at once leave too little, one must be bought; the next burst buys the next."""
    begin(shop)
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: bool(shop.billing.consume("org_1", "credits")), range(110)))
    assert made.count(True) == 100
    assert sweep(shop) == 1
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: shop.billing.consume("org_1", "credits", 9), range(10)))
    assert sweep(shop) == 1
    shop.hear()
    assert invoices(shop) == [("paid", 1000)] * 2
    assert shop.kinds().count(("granted", 100)) == 3


def test_a_refused_use_buys_as_well(shop: Shop) -> None:
    """Who has nothing left can only be refused: that must buy, but not because more was wanted than there ever is."""
    begin(shop, units=30)
    assert not shop.billing.consume("org_1", "credits", 10**6)
    assert sweep(shop) == 0
    shop.billing.consume("org_1", "credits", 30)
    sweep(shop)
    shop.billing.consume("org_1", "credits", 100)
    shop.billing.credits.stop_auto_top_up("org_1", "credits")
    shop.billing.credits.auto_top_up("org_1", CHOSEN)
    assert not shop.billing.consume("org_1", "credits")
    assert (sweep(shop), shop.left()) == (1, 100)


def test_a_refusal_alone_buys(shop: Shop) -> None:
    """What has expired is used by nobody: the first use after that, although refused, must buy."""
    until = shop.clock.now + timedelta(days=1)
    shop.billing.credits.grant("org_1", "credits", 100, source="short", expires_at=until)
    assert shop.billing.credits.auto_top_up("org_1", CHOSEN).state == "ready"
    shop.clock.advance(days=2)
    assert sweep(shop) == 0
    assert not shop.billing.consume("org_1", "credits")
    assert (sweep(shop), shop.left()) == (1, 100)


def test_too_little_from_the_beginning(shop: Shop) -> None:
    """Who has too little when it is settled must not have to use something first."""
    assert shop.billing.credits.auto_top_up("org_1", CHOSEN).state == "pending"
    assert (sweep(shop), shop.left()) == (1, 100)


def test_the_event_comes_first(shop: Shop) -> None:
    """Granted by the event of the invoice while the worker has not heard the answer: it must be granted once."""
    begin(shop, units=1)
    shop.emulator.cut_next("after", count=9, method="POST", path="/v1/invoices/*/pay")
    with pytest.raises(StripeUnavailable):
        sweep(shop)
    shop.emulator.clear_faults()
    shop.hear()
    assert (shop.left(), status(shop).state) == (101, "ready")
    assert sweep(shop) == 0
    assert invoices(shop) == [("paid", 1000)]


@pytest.mark.parametrize("path", ["/v1/invoices", "/v1/invoiceitems", "/v1/invoices/*/pay"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_at_every_step(shop: Shop, path: str, when: str) -> None:
    """Whatever answer is lost, the next look must finish it with one invoice."""
    begin(shop, units=1)
    shop.emulator.cut_next(when, count=5, method="POST", path=path)
    with pytest.raises(StripeUnavailable):
        sweep(shop)
    shop.emulator.clear_faults()
    shop.clock.advance(minutes=6)
    sweep(shop)
    assert (shop.left(), invoices(shop)) == (101, [("paid", 1000)])


def test_the_item_is_there_once(shop: Shop) -> None:
    """Long after Stripe has forgotten every key, what stands on the invoice must not be put there again."""
    begin(shop, units=1)
    shop.emulator.cut_next("before", count=5, method="POST", path="/v1/invoices/*/pay")
    with pytest.raises(StripeUnavailable):
        sweep(shop)
    shop.emulator.clear_faults()
    shop.clock.advance(days=3)
    shop.emulator.clock.advance(3 * 86400)
    sweep(shop)
    assert invoices(shop) == [("paid", 1000)]


def test_somebody_else_pays_meanwhile(shop: Shop) -> None:
    """Refused because it is paid by now, the payment must count as made."""
    begin(shop, units=1)
    held = shop.emulator.pause_next("before", method="POST", path="/v1/invoices/*/pay")
    with ThreadPoolExecutor(1) as pool:
        swept = pool.submit(sweep, shop)
        held.wait_until_reached()
        (invoice,) = shop.client.v1.invoices.list().data
        shop.client.v1.invoices.pay(str(invoice.id))
        held.release()
        assert swept.result() == 1
    assert (shop.left(), status(shop).state, status(shop).attempts) == (101, "ready", 0)


def test_two_workers(shop: Shop, open_shop: Callable[..., Shop]) -> None:
    """Several workers at once must buy once."""
    others = [open_shop() for _ in range(2)]
    begin(shop, units=1)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(sweep, [shop, *others] * 2))
    sweep(shop)
    assert (shop.left(), invoices(shop)) == (101, [("paid", 1000)])


def test_a_declined_card(open_shop: Callable[..., Shop]) -> None:
    """A decline must be seen and told, be tried again after a while, and end for good after the last time."""
    told: list[AutoTopUpStatus] = []
    shop = open_shop(retries=(timedelta(hours=1), timedelta(hours=2)), on_top_up=told.append)
    shop.customer(card="pm_card_chargeCustomerFail")
    begin(shop, units=1)
    assert sweep(shop) == 1
    found = status(shop)
    assert (found.state, found.failure, found.attempts) == ("declined", "card_declined", 1)
    assert found.next_attempt_at == shop.clock.now + timedelta(hours=1)
    assert sweep(shop) == 0
    for hours in (1, 2):
        shop.clock.advance(hours=hours)
        assert sweep(shop) == 1
    found = status(shop)
    assert (found.state, found.failure, found.attempts) == ("stopped", "card_declined", 3)
    assert (invoices(shop), shop.left()) == ([("void", 1000)], 1)
    assert [one.state for one in told] == ["declined", "declined", "stopped"]
    shop.billing.consume("org_1", "credits")
    assert sweep(shop) == 0
    shop.customer()
    assert shop.billing.credits.auto_top_up("org_1", CHOSEN).state == "pending"
    assert (sweep(shop), shop.left()) == (1, 100)


def test_another_card_before_the_next_time(shop: Shop) -> None:
    """A new card must do at the next attempt, and no second invoice be made."""
    shop.customer(card="pm_card_chargeCustomerFail")
    begin(shop, units=1)
    sweep(shop)
    shop.customer()
    shop.clock.advance(hours=1)
    assert (sweep(shop), shop.left(), invoices(shop)) == (1, 101, [("paid", 1000)])


def test_paid_by_hand_after_a_decline(shop: Shop) -> None:
    """Paid on its own page, the invoice must grant, and not be tried again."""
    shop.customer(card="pm_card_chargeCustomerFail")
    begin(shop, units=1)
    sweep(shop)
    card = shop.client.v1.payment_methods.attach(
        "pm_card_visa", {"customer": shop.billing.customers.require("org_1").id}
    )
    shop.client.v1.invoices.pay(str(status(shop).invoice_id), {"payment_method": card.id})
    shop.hear()
    assert (shop.left(), status(shop).state, status(shop).failure) == (101, "ready", None)
    shop.clock.advance(days=1)
    assert sweep(shop) == 0


@pytest.mark.parametrize("caps", [{"max_per_month": 2}, {"max_spend_per_month": 2999}])
def test_enough_for_a_month(shop: Shop, caps: Any) -> None:
    """No more than was settled may be bought in a month, in number or in money; the next month goes on."""
    begin(shop, AutoTopUp("credits", below=20, price=PACK, **caps), units=1)
    for _ in range(4):
        sweep(shop)
        shop.billing.consume("org_1", "credits", 100)
    assert (status(shop).state, invoices(shop)) == ("capped", [("paid", 1000)] * 2)
    shop.clock.advance(days=31)
    shop.billing.consume("org_1", "credits")
    assert (sweep(shop), len(invoices(shop))) == (1, 3)


def test_stopping_gives_up_what_is_not_paid(shop: Shop) -> None:
    """After it is stopped nothing more may be charged, also of what was under way."""
    shop.customer(card="pm_card_chargeCustomerFail")
    begin(shop, units=1)
    sweep(shop)
    assert shop.billing.credits.stop_auto_top_up("org_1", "limits:credits")
    assert not shop.billing.credits.stop_auto_top_up("org_1", "credits")
    shop.customer()
    assert sweep(shop) == 1
    shop.clock.advance(days=1)
    shop.billing.consume("org_1", "credits")
    assert (sweep(shop), invoices(shop), status(shop).state) == (0, [("void", 1000)], "stopped")
    assert status(shop).failure == "off"


def test_stopped_before_anything_was_made(shop: Shop) -> None:
    """What was only marked must leave no invoice."""
    begin(shop, units=1)
    shop.billing.credits.stop_auto_top_up("org_1", "credits")
    assert (sweep(shop), invoices(shop)) == (1, [])


def test_an_invoice_that_somebody_voided(shop: Shop) -> None:
    """Whoever voids the invoice at the dashboard has decided: nothing more is bought."""
    shop.customer(card="pm_card_chargeCustomerFail")
    begin(shop, units=1)
    sweep(shop)
    shop.client.v1.invoices.void_invoice(str(status(shop).invoice_id))
    shop.clock.advance(hours=1)
    sweep(shop)
    assert (status(shop).state, status(shop).failure) == ("stopped", "the invoice is void")


def test_a_refund_takes_it_back(shop: Shop) -> None:
    """What was bought automatically goes with its money like everything else."""
    begin(shop, units=1)
    sweep(shop)
    shop.refund()
    shop.hear()
    assert shop.left() == 1


def test_a_worker_does_it(shop: Shop) -> None:
    """Without further ado any worker must do it."""
    begin(shop, units=1)
    shop.billing.worker().once()
    assert shop.left() == 101


def test_what_cannot_be_settled(open_shop: Callable[..., Shop]) -> None:
    """Prices that buy something else, or more than once, and entities without a customer must be refused."""
    shop = open_shop({PACK: TopUp("credits", 100), SEAT: TopUp("credits", 1)})
    with pytest.raises(NoCustomer):
        shop.billing.credits.auto_top_up("org_1", CHOSEN)
    shop.customer()
    for price in (SEAT, OTHER):
        with pytest.raises(InvalidInput, match="must be paid once, and stand in"):
            shop.billing.credits.auto_top_up("org_1", AutoTopUp("credits", 1, price))
    for name, price in (("credit", PACK), ("credits", "pack")):
        with pytest.raises(UnknownName):
            shop.billing.credits.auto_top_up("org_1", AutoTopUp(name, 1, price))
    wrong: Any
    for wrong in ({"below": 0}, {"quantity": 0}, {"max_per_month": 0}, {"max_spend_per_month": 1.5}, {"name": ""}):
        settings: dict[str, Any] = {"name": "credits", "below": 1, "price": PACK, **wrong}
        with pytest.raises(InvalidInput):
            AutoTopUp(**settings)
    with pytest.raises(InvalidInput, match="at least a minute"):
        CreditSettings(retries=(timedelta(0),))
    assert shop.billing.credits.auto_top_ups("org_1") == ()
