"""Whatever a program declares one after the other: at the end nothing is left to do, and Stripe is as declared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine
from tests.billing_resources.programs import data, own_metadata, price, product

SETTINGS = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXTS = st.sampled_from(["a", "B b", "ü & ?=%", "0", "false"])
METADATA = st.dictionaries(st.sampled_from(["a", "b", "c.d"]), TEXTS, max_size=3)
WHOLE = st.integers(0, 5000).map(lambda amount: {"unit_amount": amount})
EXACT = st.decimals(0, 50, places=6).map(lambda amount: {"unit_amount_decimal": format(amount, "f")})
AMOUNTS = WHOLE | EXACT
CURRENCIES = st.dictionaries(st.sampled_from(["eur", "gbp"]), AMOUNTS, min_size=1)

PRODUCTS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "description": TEXTS,
        "images": st.lists(st.sampled_from(["https://e.com/1", "https://e.com/2"]), min_size=1, max_size=3),
        "metadata": METADATA,
        "unit_label": TEXTS,
        "url": st.just("https://example.com/team"),
    },
)
PRICES = st.builds(
    lambda amount, rest: {**amount, **rest},
    AMOUNTS,
    st.fixed_dictionaries(
        {"recurring": st.sampled_from([{"interval": "month"}, {"interval": "year"}])},
        optional={
            "lookup_key": st.sampled_from(["one", "two"]),
            "nickname": TEXTS,
            "metadata": METADATA,
            "default": st.booleans(),
            "currency_options": CURRENCIES,
            "tax_behavior": st.sampled_from(["exclusive", "inclusive"]),
            "trial_days": st.integers(1, 30),
            "features": st.dictionaries(st.sampled_from(["sso", "audit"]), TEXTS, min_size=1),
        },
    ),
)


def carry_out(engine: Engine, *program: Declared) -> None:
    """Bring it about, and find nothing left to do: not right after, not after a refresh."""
    engine.up(*program)
    assert set(engine.preview(*program).values()) == {"same"}
    assert set(engine.refresh().values()) == {"same"}
    assert set(engine.preview(*program).values()) == {"same"}


@SETTINGS
@given(states=st.lists(PRODUCTS, min_size=2, max_size=4))
def test_products(states: list[dict[str, Any]], ours: Engine, account: EmulatorClient, client: Any) -> None:
    """A product is at last what was declared last, and what was never declared is empty."""
    begin_anew(ours, account)
    for state in states:
        carry_out(ours, product(**state))
    found = client.v1.products.retrieve(ours.of("Product.team").id)
    shown, last = data(found), states[-1]
    for name in ("name", "description", "unit_label", "url"):
        assert shown[name] == last.get(name)
    assert shown["images"] == last.get("images", [])
    assert own_metadata(found) == last.get("metadata", {})
    assert account.count(method="POST", path="/v1/products") == 1


@SETTINGS
@given(states=st.lists(PRICES, min_size=2, max_size=4))
def test_prices(states: list[dict[str, Any]], ours: Engine, account: EmulatorClient, client: Any) -> None:
    """However often it was replaced, there is one active price, and it is the one declared last."""
    begin_anew(ours, account)
    for state in states:
        carry_out(ours, product(), price(**state))
    last = states[-1]
    active = client.v1.prices.list({"active": True, "expand": ["data.currency_options"]}).data
    assert [one.id for one in active] == [ours.of("Price.monthly").id]
    shown = data(active[0])
    assert exact(shown) == exact(last)
    for name in ("lookup_key", "nickname"):
        assert shown[name] == last.get(name)
    assert shown["recurring"]["interval"] == last["recurring"]["interval"]
    assert own_metadata(active[0]) == last.get("metadata", {})
    options = {code: option for code, option in shown["currency_options"].items() if code != "usd"}
    declared = last.get("currency_options", {})
    assert {code: exact(one) for code, one in options.items()} == {code: exact(one) for code, one in declared.items()}
    default = client.v1.products.retrieve(ours.of("Product.team").id).default_price
    assert default == (active[0].id if last.get("default") else None)


@SETTINGS
@given(state=PRICES, then=st.none() | PRICES)
def test_destroy_leaves_nothing_active(
    state: dict[str, Any], then: dict[str, Any] | None, ours: Engine, account: EmulatorClient, client: Any
) -> None:
    """Whatever was declared, a destroy ends it, and the same can be declared again."""
    begin_anew(ours, account)
    for _ in range(2):
        carry_out(ours, product(), price(**state), *([price("second", **unkeyed(then))] if then else []))
        ours.destroy()
        assert client.v1.prices.list({"active": True}).data == []
        assert client.v1.products.list({"active": True}).data == []


def unkeyed(state: dict[str, Any]) -> dict[str, Any]:
    """A second price beside the first: it takes neither lookup key nor default."""
    return {name: value for name, value in state.items() if name not in {"lookup_key", "default"}}


def begin_anew(engine: Engine, account: EmulatorClient) -> None:
    """Every example has an empty account and an empty state."""
    account.reset()
    engine.state.clear()


def exact(amount: dict[str, Any]) -> Decimal:
    """An amount, however it is written."""
    return Decimal(amount.get("unit_amount_decimal") or amount.get("unit_amount") or 0)
