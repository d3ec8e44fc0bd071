"""Key, mode and address must fit before any request is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import ApiKeyMissing, Billing, NotProvisioned, UnsafeAddress, WrongMode

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]


def test_no_key(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """A missing key must be named by its variable."""
    with pytest.raises(ApiKeyMissing, match="set STRIPE_API_KEY or pass api_key="):
        open_billing(manifest=manifest_data, api_key=None)


@pytest.mark.parametrize("key", ["pk_test_x", "whsec_x", "hello", "sk_test_", "sk_test_a b"])
def test_no_secret_key(open_billing: Callable[..., Billing], manifest_data: Json, key: str) -> None:
    """A value that cannot be a secret key must be refused without being repeated."""
    with pytest.raises(ApiKeyMissing) as caught:
        open_billing(manifest=manifest_data, api_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize("key", ["sk_live_emulator", "rk_live_emulator"])
def test_a_live_key_on_a_test_stack(open_billing: Callable[..., Billing], manifest_data: Json, key: str) -> None:
    """A live key must never meet a test manifest."""
    with pytest.raises(WrongMode, match="stack 'dev' is for test mode, the key is a live key"):
        open_billing(manifest=manifest_data, api_key=key)


def test_a_test_key_on_a_live_stack(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Nor the reverse."""
    with pytest.raises(WrongMode, match="is for live mode, the key is a test key"):
        open_billing(manifest=manifest_data | {"livemode": True})


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "https://api.stripe.com.evil.example", "http://api.stripe.com"])
def test_a_live_key_goes_to_stripe_only(open_billing: Callable[..., Billing], manifest_data: Json, base: str) -> None:
    """A live key must not be sent anywhere else, whatever the settings say."""
    with pytest.raises(UnsafeAddress, match=r"A live key is sent to https://api\.stripe\.com only"):
        open_billing(manifest=manifest_data | {"livemode": True}, api_key="sk_live_x", api_base=base)


@pytest.mark.parametrize(
    "base", ["127.0.0.1:1", "ftp://x", "http://", "http://u:p@x", "http://x?y", "http://[::1", "http://x:port"]
)
def test_an_address_that_is_none(open_billing: Callable[..., Billing], manifest_data: Json, base: str) -> None:
    """A base address must be a plain URL."""
    with pytest.raises(UnsafeAddress, match="must be an http or https URL"):
        open_billing(manifest=manifest_data, api_base=base)


def test_settings_come_from_the_environment(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Key and address must be taken from STRIPE_API_KEY and STRIPE_API_BASE."""
    environ = {"STRIPE_API_KEY": "sk_test_x", "STRIPE_API_BASE": "http://127.0.0.1:1/"}
    assert open_billing(manifest=manifest_data, api_key=None, environ=environ).plan("team").name == "Team"


@pytest.mark.parametrize("gap", ["account", "livemode"])
def test_a_manifest_of_the_catalog_alone(open_billing: Callable[..., Billing], manifest_data: Json, gap: str) -> None:
    """Without an account there is nothing to talk to."""
    with pytest.raises(NotProvisioned, match="made from the catalog alone: run `billing up` first"):
        open_billing(manifest=manifest_data | {gap: None})


def test_no_setting_is_shown(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """The key must not be in any representation."""
    billing = open_billing(manifest=manifest_data, api_key="sk_test_verysecret")
    assert "verysecret" not in repr(billing._context)


def test_a_key_that_was_copied_in_part(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """A key that no header can carry must be refused here: the network's error would repeat it."""
    with pytest.raises(ApiKeyMissing):
        open_billing(manifest=manifest_data, api_key="sk_test_51\u2026abc")
