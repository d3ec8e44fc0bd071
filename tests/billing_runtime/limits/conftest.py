"""A shop with a free plan and one organization, on the price `alpaca-ai.base`, which has limits of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime._cache.writing import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
TOKENS = {"included": 100000, "per": "period", "overage": "bill", "meter": "alpaca-ai-tokens"}


@pytest.fixture
def shop(provisioned: Json) -> Json:
    """The manifest: `ai_tokens` on the price, `images` on its plan alone, `projects` on the free plan of users."""
    provisioned["prices"]["alpaca-ai.base"] |= {"limits": {"ai_tokens": TOKENS}, "features": {"api": "v2"}}
    provisioned["plans"]["alpaca-ai"]["limits"]["images"] = {"included": 5}
    free = provisioned["plans"]["team"] | {"audience": ["user"], "name": "Free", "free": True, "rank": 0, "prices": []}
    free |= {"limits": {"projects": {"included": 3}, "images": {"included": 0}}, "features": {"support": "forum"}}
    provisioned["plans"]["free"] = free
    return provisioned


@pytest.fixture
def open_shop(
    open_billing: Callable[..., Billing], shop: Json, stripe_emulator: EmulatorClient
) -> Callable[..., Billing]:
    """Open the shop's billing, in which `org_1` is subscribed."""

    def open_one(**settings: Any) -> Billing:
        billing = open_billing(manifest=shop, api_base=stripe_emulator.url, **settings)
        billing.customers.ensure("org_1", kind="organization")
        billing.subscribe("org_1", price="alpaca-ai.base")
        billing.sync("org_1")
        return billing

    return open_one


@pytest.fixture
def subscribe_to_other(stripe_client: stripe.StripeClient, shop: Json) -> Callable[..., str]:
    """Subscribe an entity to prices that another tool has made; answers the id of the first one."""

    def subscribe(billing: Billing, entity_id: str, *metadata: dict[str, str]) -> str:
        customer = billing.customers.ensure(entity_id, kind="organization").id
        made = [
            stripe_client.v1.prices.create(
                {
                    "product": shop["products"]["alpaca-ai"]["id"],
                    "currency": "usd",
                    "unit_amount": 0,
                    "recurring": {"interval": "month"},
                    "metadata": one,
                }
            ).id
            for one in metadata
        ]
        stripe_client.v1.subscriptions.create({"customer": customer, "items": [{"price": one} for one in made]})
        billing.sync(entity_id)
        return made[0]

    return subscribe


@pytest.fixture
def set_status() -> Callable[[Billing, str, str], None]:
    """Put a status on an entity's one subscription, as Stripe would have told it."""

    def set_one(billing: Billing, entity_id: str, status: str) -> None:
        cache = billing._context.cache
        (now,) = cache.of(entity_id)
        at = int(billing._context.clock().timestamp()) - 30 * 86400
        cache.keep(Answer(now.customer_id, entity_id, now.fetched_seq + 1, at, [now.body | {"status": status}]))

    return set_one
