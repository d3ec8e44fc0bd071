"""Pulumi's own host, every kind: changed, replaced, refreshed and mended as with ours."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.first_kinds import CASES
from tests.billing_resources.hosts import stock
from tests.billing_resources.newer_kinds import living, program, service, settled

pytestmark = pytest.mark.usefixtures("first_portal")


@pytest.fixture
def engine(account: EmulatorClient) -> Engine:
    """A stack that the stock host serves."""
    assert account
    return Engine(stock)


def having(name: str) -> list[str]:
    """The kinds whose case has something of that."""
    return [kind for kind, case in CASES.items() if getattr(case, name)]


@pytest.mark.rule("stock host", "first")
@pytest.mark.rule("stock host", "Coupon", "PromotionCode", "Feature")
@pytest.mark.rule("stock host", "PortalConfiguration", "TaxRate", "EventDestination")
@pytest.mark.parametrize("kind", having("changed"))
def test_changed_in_place(kind: str, engine: Engine) -> None:
    """Every field at once is one update of the same object, and then nothing is left to do."""
    case = CASES[kind]
    engine.up(*program(case, case.declared))
    before, changed = engine.of(str(case.declared)).id, case.with_(**case.changed)
    assert engine.up(*program(case, changed))[str(changed)] == "update"
    assert engine.of(str(changed)).id == before
    assert settled(engine, case, changed)


@pytest.mark.parametrize("kind", having("replaced"))
def test_replaced(kind: str, engine: Engine, client: stripe.StripeClient) -> None:
    """What Stripe cannot change makes one new object, and the old one is retired."""
    case = CASES[kind]
    engine.up(*program(case, case.declared))
    field, value = next(iter(case.replaced.items()))
    before, changed = len(living(client, kind)), case.with_(**{field: value})
    assert engine.up(*program(case, changed))[str(changed)] == "replace"
    assert len(living(client, kind)) == before
    assert settled(engine, case, changed)


@pytest.mark.parametrize("kind", having("drifts"))
def test_drift(kind: str, engine: Engine, client: Any) -> None:
    """What changed behind the state's back is seen by a refresh, and put right by the next run."""
    case = CASES[kind]
    engine.up(*program(case, case.declared))
    if kind == "Price":  # Stripe archives no default price: somebody took the default away first
        client.v1.products.update(engine.of("Product.team").id, {"default_price": ""})
    service(client, kind).update(engine.of(str(case.declared)).id, case.drifts)
    assert engine.refresh()[str(case.declared)] == "update"
    assert engine.up(*program(case, case.declared))[str(case.declared)] == "update"
    assert settled(engine, case, case.declared)


@pytest.mark.rule("stock host", "all")
@pytest.mark.parametrize("kind", CASES)
def test_all_test_data_is_deleted(kind: str, engine: Engine, account: EmulatorClient) -> None:
    """What is gone is dropped by a refresh, and destroying what is gone is no trouble."""
    case = CASES[kind]
    engine.up(*program(case, case.declared))
    account.reset()
    assert set(engine.refresh().values()) == {"gone"}
    engine.up(*program(case, case.declared))
    account.reset()
    engine.destroy()
    assert engine.state == {}
