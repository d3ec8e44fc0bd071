"""Money that goes back: refunds, disputes and voids take back what it bought, by a stated rule, in whatever order."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import CreditSettings, InvalidInput
from billing_runtime.credits.buying import Buy, Recover
from billing_runtime.credits.payments import Bought, Payment, owed
from tests.billing_runtime.credits.paid.conftest import PACK
from tests.billing_runtime.inbox.conftest import signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing_runtime.credits.paid.conftest import Shop

Json = dict[str, Any]
BOTH = pytest.mark.parametrize("clawback", ["unused", "debt"])


def test_a_refund_takes_its_part(shop: Shop) -> None:
    """A part of the money must take the same part of the units, without fractions; the rest the rest."""
    shop.buy(3)
    shop.hear()
    shop.refund(1001)  # of 3000: 100.1 of 300
    shop.hear()
    assert shop.left() == 200
    shop.hear()
    shop.again(shop.events("charge.refunded"))
    assert shop.kinds() == [("granted", 300), ("clawed_back", -100)]
    shop.refund()
    shop.hear()
    assert shop.kinds()[2:] == [("clawed_back", -200)]


def test_what_was_used_is_not_taken(shop: Shop) -> None:
    """By default a balance must never go below 0; what comes back later is taken then."""
    shop.buy()
    shop.hear()
    receipt = str(shop.billing.consume("org_1", "credits", 70).receipt)
    shop.refund()
    shop.hear()
    assert shop.kinds()[2:] == [("clawed_back", -30)]
    shop.billing.refund(receipt, 20)
    assert shop.kinds()[3:] == [("refunded", 20), ("clawed_back", -20)]
    shop.buy()
    shop.hear()
    assert shop.left() == 100


def test_what_was_used_may_be_owed(open_shop: Callable[..., Shop]) -> None:
    """With `debt` what was used must be owed, and paid by whatever comes next, before anything else."""
    shop = open_shop(clawback="debt")
    shop.customer()
    shop.buy()
    shop.hear()
    shop.billing.consume("org_1", "credits", 70)
    shop.refund()
    shop.hear()
    balance = shop.billing.credits.balance("org_1", "credits")
    assert (balance.available, balance.debt, balance.grants[0].left) == (0, 70, -70)
    assert not shop.billing.consume("org_1", "credits", 1)
    shop.billing.credits.grant("org_1", "credits", 50, source="a gift")
    balance = shop.billing.credits.balance("org_1", "credits")
    assert (balance.available, balance.debt) == (0, 20)
    assert not shop.billing.consume("org_1", "credits", 1)
    shop.billing.credits.grant("org_1", "credits", 50, source="another")
    assert shop.billing.consume("org_1", "credits", 30).remaining == 0
    expected = [("clawed_back", -100), ("granted", 50), ("offset", -50), ("offset", 50), ("granted", 50)]
    assert shop.kinds()[2:] == [*expected, ("offset", -20), ("offset", 20), ("used", -30)]


def test_what_expired_is_not_owed(open_shop: Callable[..., Shop]) -> None:
    """With `debt` only what was used must be made up for, not what was lost unused."""
    shop = open_shop(clawback="debt")
    shop.customer()
    shop.buy()
    shop.hear()
    shop.billing.consume("org_1", "credits", 70)
    shop.billing.credits.revoke(
        "org_1", "credits", grant_id=shop.billing.credits.balance("org_1", "credits").grants[0].id
    )
    shop.refund()
    shop.hear()
    assert shop.billing.credits.balance("org_1", "credits").debt == 70


@BOTH
@pytest.mark.parametrize("first", ["refund", "payment"])
def test_a_refund_before_what_it_refunds(open_shop: Callable[..., Shop], clawback: str, first: str) -> None:
    """Whichever is heard of first, the refund or the payment, nothing of it must stay."""
    shop = open_shop(clawback=clawback)
    shop.customer()
    shop.buy()
    shop.refund()
    told = [shop.events("charge.refunded"), shop.events("checkout.session.completed")]
    for events in told if first == "refund" else told[::-1]:
        shop.hear(events)
    assert (shop.left(), shop.billing.credits.balance("org_1", "credits").debt) == (0, 0)
    assert shop.kinds() == [("granted", 100), ("clawed_back", -100)]


@pytest.mark.parametrize(("evidence", "left"), [("winning_evidence", 100), ("losing_evidence", 0)])
def test_a_dispute(open_shop: Callable[..., Shop], evidence: str, left: int) -> None:
    """While the bank holds the money credits must be taken; they come back if the dispute is won, and only then."""
    shop = open_shop()
    shop.customer()
    shop.buy(card="pm_card_createDispute")
    shop.hear()
    assert shop.left() == 0
    (dispute,) = shop.client.v1.disputes.list().data
    shop.client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}})
    shop.hear()
    assert shop.left() == left
    shop.again(shop.events())
    assert shop.kinds() == [("granted", 100), ("clawed_back", -100), *[("reinstated", 100)][: left // 100]]


def test_an_inquiry_takes_nothing(shop: Shop) -> None:
    """As long as a bank only asks, no money is gone; when it takes it, the credits go."""
    shop.buy()
    shop.hear()
    intent = shop.charge()["payment_intent"]
    for status, left in (("warning_needs_response", 100), ("needs_response", 0), ("warning_closed", 100)):
        _say(shop, "dispute", "du_1", {"id": "du_1", "status": status, "amount": 1000, "payment_intent": intent})
        shop.billing.credits._ledger.do(Recover("org_1", intent, debt=False))
        assert shop.left() == left


def test_an_invoice_that_is_void(shop: Shop) -> None:
    """Whatever an invoice granted must go if it is void by now."""
    invoice = shop.invoice((PACK, 1))
    shop.hear()
    _say(shop, "invoice", invoice["id"], {"id": invoice["id"], "status": "void"})
    shop.billing.credits._ledger.do(Recover("org_1", invoice["id"], debt=False))
    assert shop.left() == 0


def test_a_void_of_an_open_invoice_is_heard(shop: Shop) -> None:
    """An invoice that was never paid and is voided must leave nothing, and no fault."""
    invoice = shop.invoice((PACK, 1), pay=False)
    shop.client.v1.invoices.finalize_invoice(invoice["id"])
    shop.client.v1.invoices.void_invoice(invoice["id"])
    shop.hear()
    assert (shop.kinds(), shop.billing.inbox.lag().failing) == ([], 0)


def test_the_refund_of_an_invoice(shop: Shop) -> None:
    """A refund of a payment that paid several lines must take the same part of each; another payment's none."""
    shop.invoice((PACK, 1), (PACK, 4))
    shop.refund(2500)
    shop.invoice((PACK, 1))
    shop.hear()
    assert sorted(shop.kinds()) == [
        ("clawed_back", -200), ("clawed_back", -50), ("granted", 100), ("granted", 100), ("granted", 400),
    ]  # fmt: skip


@BOTH
@pytest.mark.parametrize("seed", range(2))
def test_any_order(open_shop: Callable[..., Shop], clawback: str, seed: int) -> None:
    """Everything that Stripe tells of payments and refunds, shuffled and repeated, must end the same."""
    shop = open_shop(clawback=clawback)
    shop.customer()
    shop.buy(2)
    shop.refund(500)
    shop.refund(500)
    shop.invoice((PACK, 1))
    shop.refund()
    told = shop.events()
    told += [event | {"id": f"{event['id']}again"} for event in told]
    random.Random(seed).shuffle(told)  # noqa: S311 - an order that can be had again
    for event in told:
        shop.hear([event])
    balance = shop.billing.credits.balance("org_1", "credits")
    assert (balance.available, balance.debt) == (100, 0)


@BOTH
def test_two_workers_hear_of_it_at_once(open_shop: Callable[..., Shop], clawback: str) -> None:
    """A purchase and its dispute, worked on at the same time by several workers, must leave nothing of it."""
    shop, *others = [open_shop(clawback=clawback) for _ in range(3)]
    shop.customer()
    for number in range(3):
        shop.buy(1 + number, card="pm_card_createDispute")
    for event in shop.events():
        payload = json.dumps(event).encode()
        shop.billing.webhook(payload, signature(payload, shop.clock.unix))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: one.work(), [shop, *others] * 2))
    shop.work()
    assert (shop.billing.inbox.lag().waiting, shop.left()) == (0, 0)
    granted = sorted(units for kind, units in shop.kinds() if kind == "granted")
    taken = sorted(-units for kind, units in shop.kinds() if kind == "clawed_back")
    assert granted == taken == [100, 200, 300]


@given(st.integers(0, 10**6), st.integers(1, 10**7), st.integers(0, 2 * 10**7))
def test_the_part_that_goes_back(units: int, amount: int, back: int) -> None:
    """All money takes all units and none takes none; a part never more than its share, and less than a unit less."""
    payment = Payment("in_1", amount, ("pi_1",))
    part = owed(units, payment, {"pi_1": back, "pi_2": 7}, void=False)
    exact = units * min(back, amount) / amount
    assert 0 <= part <= units
    assert exact - 1 < part <= exact + 1e-6
    assert owed(units, payment, {}, void=False) == 0
    assert owed(units, payment, {"pi_1": amount}, void=False) == units
    assert owed(units, Payment("cs_1", 0), {}, void=False) == 0


def test_rules_that_there_are_not() -> None:
    """An unknown rule must be refused."""
    wrong: Any = "all"
    with pytest.raises(InvalidInput, match="unused, debt"):
        CreditSettings(clawback=wrong)


numbers = count()
happenings = st.one_of(
    st.tuples(st.just("buy"), st.integers(1, 50)),
    st.tuples(st.just("refund"), st.integers(0, 5), st.integers(0, 100)),
    st.tuples(
        st.just("dispute"), st.integers(0, 5), st.sampled_from(["needs_response", "won", "lost", "warning_closed"])
    ),
    st.tuples(st.just("use"), st.integers(1, 60)),
    st.tuples(st.just("give back"), st.integers(0, 5)),
    st.tuples(st.just("gift"), st.integers(1, 60)),
    st.tuples(st.just("revoke"), st.integers(0, 5)),
)


@BOTH
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(happenings, max_size=20))
def test_no_unit_is_lost_or_made(open_shop: Callable[..., Shop], clawback: str, plan: list[Any]) -> None:
    """Whatever is bought, used, refunded and disputed: entries add up, and only a debt is below 0."""
    shop = _opened(open_shop, clawback)
    credits_, entity, debt = shop.billing.credits, f"org_x{next(numbers)}", clawback == "debt"
    sources: list[str] = []
    receipts: list[str] = []
    for what, *given_ in plan:
        number = int(given_[0])
        if what == "buy":
            intent = f"pi_{entity}_{len(sources)}"
            sources.append(intent)
            bought = (Bought("credits", f"{intent}/il", number, 50, None),)
            credits_._ledger.do(Buy(entity, Payment(intent, 100, (intent,)), bought, debt))
        elif what in {"refund", "dispute"} and sources:
            intent = sources[number % len(sources)]
            said = {"amount_refunded": given_[1]} if what == "refund" else {"status": given_[1], "amount": 100}
            _say(shop, "charge" if what == "refund" else "dispute", intent, said | {"payment_intent": intent}, entity)
            credits_._ledger.do(Recover(entity, intent, debt))
        elif what == "use":
            receipts += filter(None, [shop.billing.consume(entity, "credits", number).receipt])
        elif what == "give back" and receipts:
            shop.billing.refund(receipts[number % len(receipts)])
        elif what == "gift":
            credits_.grant(entity, "credits", number, source=f"gift {len(credits_.entries(entity))}")
        elif what == "revoke" and sources:
            credits_.revoke(entity, "credits", source=f"{sources[number % len(sources)]}/il")
        _holds(shop, entity, debt=debt)


def _holds(shop: Shop, entity: str, *, debt: bool) -> None:
    context = shop.billing._context
    with context.store.reading(context.scope) as reading:
        rows = reading.all("grants_of_name", entity_id=entity, name="credits")
    for row in rows:
        entries = shop.billing.credits.entries(entity, grant_id=row["grant_id"], limit=1000)
        assert sum(entry.units for entry in entries) == int(row["units_left"])
        assert int(row["units_left"]) >= (-int(row["units"]) if debt else 0)
        taken = -sum(entry.units for entry in entries if entry.kind in ("clawed_back", "reinstated"))
        assert 0 <= taken == int(row["taken"]) <= int(row["units"])


_shops: dict[int, Shop] = {}


def _opened(open_shop: Callable[..., Shop], clawback: str) -> Shop:
    """One shop for all examples of a test."""
    if id(open_shop) not in _shops:
        _shops.clear()
        _shops[id(open_shop)] = open_shop(clawback=clawback)
    return _shops[id(open_shop)]


def _say(shop: Shop, kind: str, name: str, body: Json, entity: str = "org_1") -> None:
    """Let Stripe have said this of an object, by now."""
    context = shop.billing._context
    with context.store.transaction(context.scope) as change:
        change.run(
            "keep_fact",
            kind=kind,
            object_id=name,
            customer_id=None,
            entity_id=entity,
            body=json.dumps(body),
            fetched_seq=10**6 + next(numbers),
        )
