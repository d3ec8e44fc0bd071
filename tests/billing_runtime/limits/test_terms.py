"""Which limit holds for an entity, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Limit, UnknownName
from billing_runtime.limits.terms import LimitSettings, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
TOKENS = {"included": 100000, "per": "period", "overage": "bill", "meter": "alpaca-ai-tokens"}


@pytest.fixture
def billing(open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient) -> Billing:
    """An organization on the price `alpaca-ai.base`, which carries a limit of its own."""
    provisioned["prices"]["alpaca-ai.base"]["limits"] = {"ai_tokens": TOKENS}
    provisioned["plans"]["alpaca-ai"]["limits"]["images"] = TOKENS | {"included": 5, "overage": "block", "meter": None}
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    billing.customers.ensure("org_1", kind="organization")
    billing.subscribe("org_1", price="alpaca-ai.base")
    billing.sync("org_1")
    return billing


@pytest.mark.parametrize("name", ["ai_tokens", "limits:ai_tokens"])
def test_a_price_grants_a_limit(billing: Billing, name: str) -> None:
    """The limit of a price must be found with and without its prefix, under one name, with its item."""
    held = billing.subscription("org_1")
    found = resolve(held, name, billing.manifest, LimitSettings())
    assert found.limit == Limit(100000, "period", "bill", "alpaca-ai-tokens")
    assert (found.name, found.item, found.terms_id) == ("ai_tokens", held.items[0], held.items[0].price_id)


def test_a_plan_grants_what_its_prices_do_not_name(billing: Billing) -> None:
    """A limit that stands on the plan alone must hold, within the periods of the plan's item."""
    held = billing.subscription("org_1")
    found = resolve(held, "images", billing.manifest, LimitSettings())
    assert found.limit == Limit(5)
    assert (found.item, found.terms_id) == (held.items[0], "plan:alpaca-ai")


def test_what_only_others_have_is_no_limit(billing: Billing) -> None:
    """A name of another plan must be known and not included; a name of nobody's must be refused with near ones."""
    held = billing.subscription("org_1")
    found = resolve(held, "members", billing.manifest, LimitSettings())
    assert (found.limit, found.terms_id) == (None, "none")
    with pytest.raises(UnknownName, match="No limit 'ai_token' in the manifest: did you mean 'ai_tokens'"):
        resolve(held, "ai_token", billing.manifest, LimitSettings())


def test_a_default_completes_terms(billing: Billing) -> None:
    """A name that the terms lack must have the default, in the periods of the plan's item."""
    held = billing.subscription("org_1")
    found = resolve(held, "exports", billing.manifest, LimitSettings(defaults={"limits:exports": 5}))
    assert (found.limit, found.item, found.terms_id, found.name) == (Limit(5), held.items[0], "default", "exports")
