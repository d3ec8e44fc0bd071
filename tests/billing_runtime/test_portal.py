"""Links into the customer portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, CheckoutSettings, InvalidInput, NoCustomer, NoSubscription, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


@pytest.fixture
def portal(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> Callable[..., Billing]:
    """Open billing with portal configurations of these names, and a customer."""

    def opened(*names: str, **settings: Any) -> Billing:
        features: Any = {
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price", "quantity"],
                "products": [
                    {"product": one["id"], "prices": [price["id"]]}
                    for key, one in provisioned["products"].items()
                    for price in provisioned["prices"].values()
                    if price["product"] == key and price["type"] in {"flat", "per_seat"}
                ],
            },
        }
        made = {
            name: stripe_client.v1.billing_portal.configurations.create({"features": features}).id for name in names
        }
        manifest = provisioned | {"portal_configurations": {name: {"id": one} for name, one in made.items()}}
        checkout = CheckoutSettings(portal_return_url="https://app.test/billing", **settings)
        billing = open_billing(manifest=manifest, api_base=stripe_emulator.url, checkout=checkout)
        billing.customers.ensure("org_1", kind="organization")
        return billing

    return opened


def sent(emulator: EmulatorClient) -> Json:
    """The parameters of the last session that was asked for."""
    found: Json = emulator.requests(method="POST", path="/v1/billing_portal/sessions")[-1]["params"]
    return found


def test_the_stacks_configuration(portal: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """The provisioned configuration and the return URL of the settings must be used without being named."""
    billing = portal("main")
    link = billing.portal("org_1")
    assert link.url.startswith("http")
    assert sent(stripe_emulator)["configuration"] == billing.manifest.portal_configuration("main").id
    assert sent(stripe_emulator)["return_url"] == "https://app.test/billing"


def test_one_of_several_configurations(portal: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """Of several the one called default must be taken, or the one that is named; otherwise the call says so."""
    billing = portal("default", "enterprise")
    for name, asked in (("default", None), ("enterprise", "enterprise")):
        billing.portal("org_1", configuration=asked)
        assert sent(stripe_emulator)["configuration"] == billing.manifest.portal_configuration(name).id
    with pytest.raises(InvalidInput, match="several portal configurations: name one of small, big"):
        portal("small", "big").portal("org_1")
    with pytest.raises(UnknownName, match="did you mean 'enterprise'"):
        billing.portal("org_1", configuration="enterprize")


def test_a_signed_way_back(portal: Callable[..., Billing]) -> None:
    """What was changed in the portal must be known when the customer comes back."""
    billing = portal("main", return_url="https://app.test/back")
    billing.subscribe("org_1", price="team.monthly", quantity=2)
    link = billing.portal("org_1")
    assert link.url


@pytest.mark.parametrize("flow", ["payment_method_update", "subscription_cancel", "subscription_update"])
def test_deep_flows(portal: Callable[..., Billing], stripe_emulator: EmulatorClient, flow: Any) -> None:
    """A flow must lead to the one thing it is for, with the entity's subscription where it is about one."""
    billing = portal("main")
    subscription = billing.subscribe("org_1", price="team.monthly", quantity=2)
    billing.portal("org_1", flow=flow)
    data = sent(stripe_emulator)["flow_data"]
    assert data["type"] == flow
    if flow != "payment_method_update":
        assert data[flow] == {"subscription": subscription.id}


def test_a_change_to_be_confirmed(portal: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """The item to be changed must be found by its price, and keep its quantity unless another is named."""
    billing = portal("main")
    subscription = billing.subscribe("org_1", price="team.monthly", quantity=2)
    billing.portal("org_1", flow="subscription_update_confirm", price="alpaca-ai.base", quantity=1)
    assert sent(stripe_emulator)["flow_data"]["subscription_update_confirm"] == {
        "subscription": subscription.id,
        "items": {"0": {"id": subscription.items[0].id, "price": billing.price("alpaca-ai.base").id, "quantity": "1"}},
    }


def test_which_subscription(portal: Callable[..., Billing]) -> None:
    """With none there must be an error, and with several one must be named."""
    billing = portal("main")
    with pytest.raises(NoSubscription, match="'org_1' has no subscription that runs"):
        billing.portal("org_1", flow="subscription_cancel")
    made = [billing.subscribe("org_1", price=price).id for price in ("team.monthly", "alpaca-ai.base")]
    with pytest.raises(NoSubscription, match="several subscriptions"):
        billing.portal("org_1", flow="subscription_cancel")
    assert billing.portal("org_1", flow="subscription_cancel", subscription_id=made[0]).url
    with pytest.raises(NoSubscription, match="'sub_other'"):
        billing.portal("org_1", flow="subscription_cancel", subscription_id="sub_other")


def test_a_customer_on_demand(portal: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """Without a customer the call must say so; with a kind it makes one; one that was deleted is replaced."""
    billing = portal("main")
    with pytest.raises(NoCustomer):
        billing.portal("user_1")
    billing.portal("user_1", kind="user", email="ada@example.com")
    gone = billing.customers.require("user_1").id
    stripe_client.v1.customers.delete(gone)
    assert billing.portal("user_1").url
    assert billing.customers.require("user_1").id != gone


BAD: list[tuple[Json, str]] = [
    ({"flow": "refund"}, "flow must be one of"),
    ({"price": "team.monthly"}, "price= goes with"),
    ({"flow": "subscription_update_confirm"}, "price= goes with"),
    ({"return_url": "/billing"}, "absolute http or https URL"),
]


@pytest.mark.parametrize(("asked", "said"), BAD)
def test_bad_input(portal: Callable[..., Billing], stripe_emulator: EmulatorClient, asked: Json, said: str) -> None:
    """What is no portal link must be refused before anything is sent."""
    billing = portal("main")
    stripe_emulator.clear_requests()
    with pytest.raises(InvalidInput, match=said):
        billing.portal("org_1", **asked)
    assert stripe_emulator.count() == 0
