"""The one object an application holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, Store, StoreError, UnknownName
from billing_runtime._store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Json = dict[str, Any]


def test_look_ups_by_name(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Everything the manifest names must be found from the one object."""
    billing = open_billing(manifest=manifest_data)
    assert [plan.key for plan in billing.plans()] == ["alpaca-ai", "team"]
    assert [plan.key for plan in billing.plans(kind="user")] == ["alpaca-ai"]
    assert billing.plan("team").name == "Team"
    assert billing.price("team.monthly").id == "price_team"
    assert billing.product("team").id == "prod_team"
    assert billing.meter("alpaca-ai-tokens").event_name == "alpaca_ai_tokens"
    assert billing.manifest.alert("t").gte == 800000
    assert billing.manifest.webhook_endpoint("app").url.startswith("https://")


def test_an_unknown_price(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """A near name must be offered here, too."""
    with pytest.raises(UnknownName, match=r"No price 'team' in the manifest"):
        open_billing(manifest=manifest_data).price("team")


def test_it_closes_itself(manifest_data: Json, store_url: str) -> None:
    """Leaving the block must let go of the store's files."""
    with Billing.open(manifest=manifest_data, store=store_url, api_key="sk_test_emulator", environ={}) as billing:
        assert billing.customers.get("org_1") is None
    assert billing._context.store._idle.connections == []  # type: ignore[attr-defined]


def test_a_store_of_ones_own(open_billing: Callable[..., Billing], manifest_data: Json, store_url: str) -> None:
    """Any object that keeps the Store protocol must do."""
    store: Store = open_store(store_url)
    assert open_billing(manifest=manifest_data, store=store)._context.store is store


def test_the_default_store_is_out_of_the_way(
    manifest_data: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless told otherwise, state must be kept in the folder that version control ignores."""
    monkeypatch.chdir(tmp_path)
    Billing.open(manifest=manifest_data, api_key="sk_test_emulator", environ={}).close()
    assert (tmp_path / ".billing/runtime.db").exists()


def test_a_bad_store(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """An address that is not understood must be one sentence."""
    with pytest.raises(StoreError, match="The store address is not understood"):
        open_billing(manifest=manifest_data, store="mysql://x")
