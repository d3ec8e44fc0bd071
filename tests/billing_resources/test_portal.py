"""Portal configurations: the account's default one, what is off, and quantities that are for sale."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.hosts import in_process
from tests.billing_resources.programs import data, portal, price, product
from tests.billing_resources.test_declarations import refused

ON = {"enabled": True}
CANCEL = "features.subscription_cancel.proration_behavior"
ALLOWED = "features.subscription_update.default_allowed_updates"
PRODUCTS = "features.subscription_update.products"
NOT_FOR_SALE = "lets customers change a quantity that is not for sale: its price needs seats with mode purchased"


def found(client: stripe.StripeClient, engine: Engine) -> dict[str, Any]:
    """The configuration as Stripe has it."""
    return data(client.v1.billing_portal.configurations.retrieve(engine.of("PortalConfiguration.self-service").id))


def switching(**sold: Any) -> Declared:
    """A portal in which customers switch between the prices of ``team``."""
    products = [{"product": "@Product.team", "prices": ["@Price.monthly"], **sold}]
    allowed = ["price", "quantity"] if sold else ["price"]
    return portal(features={"subscription_update": {**ON, "default_allowed_updates": allowed, "products": products}})


def features(**given: Any) -> dict[str, Any]:
    """The argument with these features."""
    return {"features": given}


def test_the_default_configuration_is_adopted(ours: Engine, client: stripe.StripeClient, first_portal: str) -> None:
    """adopt=True takes the one that the portal uses where no other is named, and writes what is declared."""
    ours.up(portal(adopt=True, name="Ours"))
    assert ours.of("PortalConfiguration.self-service").id == first_portal
    now = found(client, ours)
    assert (now["name"], now["is_default"], now["metadata"]["billing:key"]) == ("Ours", True, "self-service")
    assert ours.of("PortalConfiguration.self-service").outputs["is_default"] is True
    assert set(ours.refresh().values()) == set(ours.up(portal(name="Ours")).values()) == {"same"}


@pytest.mark.usefixtures("first_portal")
def test_the_default_configuration_of_another_stack_is_refused(ours: Engine) -> None:
    """The refusal names the owner."""
    Engine(in_process, stack="staging").up(portal(adopt=True))
    with pytest.raises(Refused, match="belongs to self-service of stack billing/staging"):
        ours.up(portal(adopt=True))


def test_without_a_default_one_adopting_makes_it(ours: Engine, client: stripe.StripeClient) -> None:
    """In a new account the first configuration becomes the default."""
    ours.up(portal(adopt=True))
    assert found(client, ours)["is_default"] is True


def test_the_default_configuration_outlives_its_stack(
    ours: Engine, client: stripe.StripeClient, first_portal: str
) -> None:
    """Stripe does not deactivate it: it stays as it is and belongs to nobody, so the next stack can have it."""
    ours.up(portal(adopt=True))
    ours.destroy()
    left = data(client.v1.billing_portal.configurations.retrieve(first_portal))
    assert (left["active"], "billing:stack" in left["metadata"]) == (True, False)
    assert Engine(in_process, stack="staging").up(portal(adopt=True)) == {"PortalConfiguration.self-service": "create"}


def test_what_is_not_written_is_off(ours: Engine, client: stripe.StripeClient) -> None:
    """A feature that somebody switches on in the Dashboard is drift, and is switched off again."""
    ours.up(portal())
    object_id = ours.of("PortalConfiguration.self-service").id
    cancelling = {"features": {"subscription_cancel": {**ON, "mode": "immediately"}}}
    client.v1.billing_portal.configurations.update(object_id, cancelling)  # type: ignore[arg-type]
    assert ours.refresh() == {"PortalConfiguration.self-service": "update"}
    ours.up(portal())
    assert found(client, ours)["features"]["subscription_cancel"]["enabled"] is False
    assert set(ours.refresh().values()) == {"same"}


def test_what_matters_inside_of_a_feature_is_drift(ours: Engine, client: stripe.StripeClient) -> None:
    """Cancelling at once instead of at the end of the period is another offer, although the program writes neither."""
    ours.up(portal(**features(subscription_cancel=ON)))
    object_id = ours.of("PortalConfiguration.self-service").id
    at_once = {"features": {"subscription_cancel": {"mode": "immediately"}}}
    client.v1.billing_portal.configurations.update(object_id, at_once)  # type: ignore[arg-type]
    assert ours.refresh() == {"PortalConfiguration.self-service": "update"}
    ours.up(portal(**features(subscription_cancel=ON)))
    assert found(client, ours)["features"]["subscription_cancel"]["mode"] == "at_period_end"


def test_what_others_add_inside_of_an_object_is_theirs(ours: Engine, client: stripe.StripeClient) -> None:
    """A part that the program does not write is no drift."""
    ours.up(portal(business_profile={"headline": "Hello"}))
    object_id = ours.of("PortalConfiguration.self-service").id
    profile = {"business_profile": {"privacy_policy_url": "https://example.com/privacy"}}
    client.v1.billing_portal.configurations.update(object_id, profile)  # type: ignore[arg-type]
    assert ours.refresh() == {"PortalConfiguration.self-service": "same"}


def test_a_removed_feature_is_switched_off(ours: Engine, client: stripe.StripeClient) -> None:
    """Stripe keeps what an update does not name, so the update names it."""
    ours.up(portal(**features(invoice_history=ON, customer_update={**ON, "allowed_updates": ["email"]})))
    assert ours.up(portal()) == {"PortalConfiguration.self-service": "update"}
    assert found(client, ours)["features"]["customer_update"]["enabled"] is False
    assert set(ours.up(portal()).values()) == set(ours.refresh().values()) == {"same"}


def test_a_removed_part_of_a_feature_is_cleared(ours: Engine, client: stripe.StripeClient) -> None:
    """Inside of a feature that stays on, too: with Stripe's default, or with nothing."""
    reasons = {"cancellation_reason": {**ON, "options": ["unused"]}, "mode": "immediately"}
    ours.up(portal(**features(subscription_cancel={**ON, **reasons})))
    less = portal(**features(subscription_cancel=ON))
    assert ours.up(less) == {"PortalConfiguration.self-service": "update"}
    now = found(client, ours)["features"]["subscription_cancel"]
    assert (now["mode"], now["cancellation_reason"]["enabled"]) == ("at_period_end", False)
    assert set(ours.up(less).values()) == set(ours.refresh().values()) == {"same"}


def test_switched_off_with_its_settings_kept(ours: Engine, account: EmulatorClient) -> None:
    """While a feature is off, what else it says is no difference; once it is on again, it is sent."""
    off, on = ({"enabled": on, "mode": "immediately"} for on in (False, True))
    ours.up(portal(**features(subscription_cancel=off)))
    assert set(ours.refresh().values()) == {"same"}
    assert ours.up(portal(**features(invoice_history={"enabled": False}))) == {
        "PortalConfiguration.self-service": "same"
    }
    assert ours.up(portal(**features(subscription_cancel=on))) == {"PortalConfiguration.self-service": "update"}
    assert set(ours.refresh().values()) == {"same"}
    assert account.count(method="POST") == 2


def test_a_portal_made_in_the_dashboard_is_imported_without_noise(ours: Engine, first_portal: str) -> None:
    """What is off is left out of the imported program, which changes nothing but the marks."""
    entry = ours.take_in("PortalConfiguration", "self-service", first_portal)
    assert entry.inputs["features"] == {"invoice_history": {"enabled": True}}
    assert ours.detailed.get("PortalConfiguration.self-service") is None
    assert ours.up(portal()) == {"PortalConfiguration.self-service": "update"}
    assert set(ours.detailed["PortalConfiguration.self-service"]) == {"_key", "_stack"}


def test_purchased_seats_are_changed_by_customers(ours: Engine, client: stripe.StripeClient) -> None:
    """The quantity of a price whose seats are bought can be offered."""
    ours.up(product(), price(seats={"mode": "purchased"}), switching(adjustable_quantity=ON))
    (sold,) = (
        client.v1.billing_portal.configurations.retrieve(
            ours.of("PortalConfiguration.self-service").id, {"expand": ["features.subscription_update.products"]}
        ).features.subscription_update.products
        or []
    )
    assert sold.adjustable_quantity is not None
    assert sold.adjustable_quantity.enabled is True


@pytest.mark.parametrize("seats", [{"seats": {"mode": "follow"}}, {}])
def test_other_quantities_are_not(seats: dict[str, Any], engine: Engine, client: stripe.StripeClient) -> None:
    """Seats that follow the members, and prices without seats: refused before anything is written."""
    program = (product(), price(**seats), switching(adjustable_quantity=ON))
    with pytest.raises(Refused, match="lets customers change a quantity that is not for sale"):
        engine.up(*program)
    assert client.v1.billing_portal.configurations.list().data == []


def test_other_quantities_are_not_by_an_update_either(ours: Engine) -> None:
    """The place is named."""
    ours.up(product(), price(), switching())
    with pytest.raises(Refused) as caught:
        ours.up(product(), price(), switching(adjustable_quantity=ON))
    assert f"{PRODUCTS}[0].prices[0] {NOT_FOR_SALE}" in str(caught.value)


def test_quantities_are_off_unless_declared(ours: Engine, client: stripe.StripeClient) -> None:
    """Without a word Stripe would let customers change them, so the word is sent."""
    ours.up(product(), price(), switching())
    (sold,) = (
        client.v1.billing_portal.configurations.retrieve(
            ours.of("PortalConfiguration.self-service").id, {"expand": ["features.subscription_update.products"]}
        ).features.subscription_update.products
        or []
    )
    assert sold.adjustable_quantity is not None
    assert sold.adjustable_quantity.enabled is False


SOLD = {"product": "prod_1", "prices": ["price_1"]}
BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"subscription_cancel": {**ON, "proration_behavior": "always_invoice"}}, [
        f"{CANCEL}: must be none or create_prorations: Stripe makes no invoice for a cancellation"
    ]),
    ({"subscription_cancel": {**ON, "proration_behavior": "create_prorations"}}, [
        f"{CANCEL}: needs mode immediately: at the end of a period nothing is left over"
    ]),
    ({"subscription_update": ON}, [f"{PRODUCTS}: is required: what customers can switch between"]),
    ({"subscription_update": {**ON, "products": [SOLD] * 11}}, [
        f"{PRODUCTS}: list should have at most 10 items after validation, not 11"
    ]),
    ({"subscription_update": {**ON, "products": [SOLD, SOLD]}}, [
        f"{PRODUCTS}[1].product: is listed already: write all of its prices there"
    ]),
    ({"subscription_update": {**ON, "default_allowed_updates": ["quantity"], "products": [SOLD]}}, [
        f"{ALLOWED}: allows quantity, but no product has adjustable_quantity enabled"
    ]),
    ({"subscription_update": {**ON, "products": [
        {**SOLD, "adjustable_quantity": {**ON, "minimum": 5, "maximum": 2}}
    ]}}, [f"{PRODUCTS}[0].adjustable_quantity.maximum: must not be below the minimum"]),
    ({"subscription_pause": {**ON, "duration": {"type": "interval_options"}}}, [
        "features.subscription_pause.duration.interval_options: is required with type interval_options"
    ]),
    ({"subscription_pause": {**ON, "duration": {"type": "indefinite", "interval_options": [{"interval": "day"}]}}}, [
        "features.subscription_pause.duration.interval_options: belongs to type interval_options"
    ]),
    ({"invoices": ON}, [
        "features.invoices: is not a field of PortalConfiguration.features: did you mean invoice_history?"
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sentences"), BAD)
def test_what_stripe_has_no_meaning_for_is_refused(given: dict[str, Any], sentences: list[str]) -> None:
    """One sentence for each problem, before anything is registered."""
    assert refused("PortalConfiguration", features=given) == sentences
