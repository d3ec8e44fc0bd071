"""Restricted keys: a missing permission is named by object and verb, and the key never."""

from __future__ import annotations

import pytest

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.programs import alert, destination, endpoint, meter, price, product

KEY = "rk_test_emulator_ci"
ENOUGH = {"account": "read", "products": "write", "prices": "write"}
WRITING: dict[str, tuple[tuple[Declared, ...], str, str]] = {
    "products": ((product(),), "write products", "Products: write"),
    "prices": ((product(), price()), "write prices", "Prices: write"),
    "billing/meters": ((meter(),), "write meters", "Meters: write"),
    "billing/alerts": ((meter(), alert()), "write alerts", "Alerts: write"),
    "webhook_endpoints": ((endpoint(),), "write webhook endpoints", "Webhook endpoints: write"),
    "core/event_destinations": ((destination(),), "write event destinations", "Event destinations: write"),
}
ALL = dict.fromkeys(WRITING, "write") | ENOUGH


@pytest.fixture
def restricted(ours: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A stack that works with a restricted key."""
    monkeypatch.setenv("STRIPE_API_KEY", KEY)
    account.restrict(KEY, ALL)
    return ours


@pytest.mark.parametrize("resource", WRITING)
def test_what_may_not_be_written(resource: str, restricted: Engine, account: EmulatorClient) -> None:
    """The verb and the object are named, as the Dashboard does, and Stripe's own name of the permission."""
    program, needs, permission = WRITING[resource]
    account.restrict(KEY, ALL | {resource: "read"})
    with pytest.raises(Refused) as refused:
        restricted.up(*program)
    said = str(refused.value)
    slug = f"rak_{resource.rpartition('/')[2].removesuffix('s')}_write"
    assert f"could not create {program[-1].kind} {program[-1].name}: the API key may not {needs}; " in said
    assert said.endswith(f'give the restricted key the permission "{permission}" ({slug}) in the Dashboard')
    assert KEY not in said
    assert account.count(status=403) == 1


@pytest.mark.parametrize(
    ("resource", "sentence"),
    [
        ("prices", "could not list every price: the API key may not read prices; give the restricted key"),
        ("account", "could not read the account of the API key: the API key may not read the account; give"),
    ],
)
def test_what_may_not_be_read(resource: str, sentence: str, restricted: Engine, account: EmulatorClient) -> None:
    """Reading is a permission of its own."""
    account.restrict(KEY, ALL | {resource: "none"})
    with pytest.raises(Refused) as refused:
        restricted.up(product(), price())
    assert str(refused.value).startswith(sentence)


def test_a_key_with_no_more_than_it_needs(restricted: Engine, account: EmulatorClient) -> None:
    """Writing the declared kinds and reading the account is all that a life of a stack takes."""
    account.restrict(KEY, ENOUGH)
    restricted.up(product(), price())
    restricted.up(product(name="Crew"), price(unit_amount=1300))
    assert set(restricted.refresh().values()) == {"same"}
    assert restricted.destroy() == {"Price.monthly": "delete", "Product.team": "delete"}


def test_what_was_missing_is_finished_later(restricted: Engine, account: EmulatorClient) -> None:
    """With the permission the next run makes the rest."""
    account.restrict(KEY, ALL | {"prices": "read"})
    with pytest.raises(Refused):
        restricted.up(product(), price())
    account.restrict(KEY, ALL)
    assert restricted.up(product(), price()) == {"Product.team": "same", "Price.monthly": "create"}
