"""Every type of event that a kind can make is one of Stripe's."""

from __future__ import annotations

import importlib
import itertools
import typing
from collections.abc import Iterator
from typing import Any

import pytest
import stripe
from stripe._object_classes import OBJECT_CLASSES

from stripe_emulator import EmulatorClient
from stripe_emulator.accounts import Scope
from stripe_emulator.emulator import Emulator
from stripe_emulator.kinds import Kind
from stripe_emulator.objects import KINDS
from stripe_emulator.parameters import snapshot_events
from tests.stripe_emulator.subscriptions.subscribing import subscribe

Document = dict[str, Any]


def life(client: stripe.StripeClient) -> None:
    """Do a little of everything."""
    product = client.v1.products.create({"name": "Team", "default_price_data": {"currency": "usd", "unit_amount": 500}})
    recurring: Any = {"product": product.id, "currency": "usd", "unit_amount": 500, "recurring": {"interval": "month"}}
    price = client.v1.prices.create(recurring)
    client.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False})
    coupon = client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}})
    payer = client.v1.customers.create(
        {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    )
    subscribe(client, payer, price)
    intent: Any = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    paid = client.v1.payment_intents.create(intent)
    client.v1.refunds.create({"payment_intent": paid.id})
    client.v1.setup_intents.create({"customer": payer.id})
    client.v1.test_helpers.test_clocks.create({"frozen_time": 1_900_000_000})
    meter: Any = {"display_name": "T", "event_name": "t", "default_aggregation": {"formula": "sum"}}
    client.v1.billing.meters.create(meter)
    lines: Any = [{"price": product.default_price, "quantity": 1}]
    session: Any = {"mode": "payment", "line_items": lines, "success_url": "https://app.example.com"}
    client.v1.checkout.sessions.create(session)


def statuses(name: str) -> list[str]:
    """Return the words that the official client has for the status of an object."""
    if name not in OBJECT_CLASSES:
        return []
    module, words = OBJECT_CLASSES[name]
    hint = getattr(importlib.import_module(module), words).__annotations__.get("status")
    return [word for inner in _walk(hint) for word in typing.get_args(inner) if isinstance(word, str)]


def _walk(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in typing.get_args(hint):
        yield from _walk(inner)


@pytest.fixture
def lived(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> list[list[Any]]:
    """Return every document of an account in which much has happened."""
    life(client)
    return list(stripe_emulator.snapshot()["documents"])


def test_every_type_is_published(lived: list[list[Any]]) -> None:
    """Whatever a document was and becomes: no kind says a word that Stripe has not."""
    found: dict[str, set[str]] = {}
    for name, kind in KINDS.items():
        documents: list[Document] = [document for _, other, _, document in lived if other == name]
        words = statuses(name)
        states = [None, *(({**one, "status": word}) for one in documents for word in words), *documents]
        for before, after in itertools.product(states, states):
            if before is not None or after is not None:
                found.setdefault(name, set()).update(_said(kind, before, after))
    said = set().union(*found.values())
    assert said - set(snapshot_events()) <= {f"{name}.deleted" for name in found}
    assert len(said & set(snapshot_events())) > 45
    kinds = {name for name, types in found.items() if types}
    assert {"product", "price", "customer", "subscription", "invoice", "payment_intent", "charge"} <= kinds


def _said(kind: Kind, before: Document | None, after: Document | None) -> list[str]:
    try:
        return kind.events(before, after)
    except KeyError:  # a change that cannot happen
        return []


def test_type_that_stripe_has_not_is_a_bug() -> None:
    """It is found where it is made, not by an endpoint that waits for it."""
    emulator = Emulator()
    call = emulator.begin(Scope("acct_emulator", livemode=False))
    call.announce("product.sold", {"id": "prod_1", "object": "product"})
    with pytest.raises(LookupError, match=r"product\.sold is no event of Stripe's"):
        emulator.commit(call)
