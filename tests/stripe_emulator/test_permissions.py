"""Restricted keys, as the official client sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import stripe

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

KEY = "rk_test_emulator_ci"
Connect = Callable[[str], stripe.StripeClient]


@pytest.mark.belief(
    "a restricted key without the permission is a 403 that masks the key (words: M; which address needs which: M)", "S"
)
def test_what_is_not_permitted_is_a_403(connect: Connect, stripe_emulator: EmulatorClient) -> None:
    """The account and the permission are named, the key is masked, and nothing happened."""
    stripe_emulator.restrict(KEY, {"products": "read"})
    with pytest.raises(stripe.PermissionError) as refused:
        connect(KEY).v1.products.create({"name": "Team"})
    assert refused.value.http_status == 403
    assert "The provided key 'rk_test_***' does not have" in str(refused.value)
    assert "on account 'acct_emulator'. Having the 'rak_product_write' permission" in str(refused.value)
    assert connect(KEY).v1.products.list().data == []


def test_writing_includes_reading(connect: Connect, stripe_emulator: EmulatorClient) -> None:
    """What is written belongs to the same permission as what is read back."""
    stripe_emulator.restrict(KEY, {"products": "write"})
    made = connect(KEY).v1.products.create({"name": "Team"})
    assert connect(KEY).v1.products.retrieve(made.id).name == "Team"
    with pytest.raises(stripe.PermissionError, match="rak_price_read"):
        connect(KEY).v1.prices.list()


def test_v2_addresses_have_permissions(connect: Connect, stripe_emulator: EmulatorClient) -> None:
    """So do those of the newer API."""
    stripe_emulator.restrict(KEY, {})
    with pytest.raises(stripe.PermissionError, match="rak_event_destination_read"):
        connect(KEY).v2.core.event_destinations.list()


def test_other_keys_are_not_restricted(connect: Connect, stripe_emulator: EmulatorClient) -> None:
    """A key of the same account that nobody restricted may do everything, and a reset frees every key."""
    stripe_emulator.restrict(KEY, {})
    assert connect("rk_test_emulator").v1.products.create({"name": "Team"}).id
    stripe_emulator.reset()
    assert connect(KEY).v1.products.list().data == []


@pytest.mark.parametrize(
    ("key", "permissions"), [("sk_test_emulator", {}), (KEY, {"prices": "all"}), (KEY, ["prices"])]
)
def test_what_is_no_restriction_is_refused(stripe_emulator: EmulatorClient, key: str, permissions: Any) -> None:
    """Only restricted keys have permissions, and these have three levels."""
    with pytest.raises(ValueError, match=r"`key` is a restricted key|`permissions` says none, read or write"):
        stripe_emulator.restrict(key, permissions)
