"""A shop whose customers come back by signed links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, CheckoutSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
SETTINGS: Json = {"success_url": "https://app.test/done", "cancel_url": "https://app.test/pricing"}


@pytest.fixture
def shop(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient
) -> Callable[..., Billing]:
    """Open the example's billing with checkout settings; the entity org_1 has a customer."""

    def opened(*, settings: Json | None = None, **more: Any) -> Billing:
        checkout = CheckoutSettings(**(SETTINGS | (settings or {})))
        billing = open_billing(
            **({"manifest": provisioned, "api_base": stripe_emulator.url, "checkout": checkout} | more)
        )
        billing.customers.ensure("org_1", kind="organization", email="a@example.com")
        stripe_emulator.clear_requests()
        return billing

    return opened
