"""Features and their attachment to products: archived for good, shared, gone with their product."""

from __future__ import annotations

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.hosts import in_process
from tests.billing_resources.programs import attached, feature, product


def attachments(client: stripe.StripeClient, engine: Engine, name: str = "team") -> list[str]:
    """The lookup keys of a product's features."""
    found = client.v1.products.features.list(engine.of(f"Product.{name}").id).data
    return [one.entitlement_feature.lookup_key for one in found]


def test_a_feature_that_was_archived_is_made_anew(ours: Engine, client: stripe.StripeClient) -> None:
    """Archiving cannot be undone, so a new feature takes the lookup key, and the product gets it."""
    program = (product(), feature(), attached())
    ours.up(*program)
    old = ours.of("Feature.sso").id
    client.v1.entitlements.features.update(old, {"active": False})
    assert ours.refresh()["Feature.sso"] == "update"
    ops = ours.up(*program)
    assert (ops["Feature.sso"], ops["ProductFeature.team.sso"]) == ("replace", "replace")
    assert ours.of("Feature.sso").id != old
    assert attachments(client, ours) == ["sso"]
    assert set(ours.up(*program).values()) == {"same"}


def test_an_unowned_feature_is_adopted_on_demand(ours: Engine, client: stripe.StripeClient) -> None:
    """The refusal says how."""
    theirs = client.v1.entitlements.features.create({"lookup_key": "sso", "name": "SSO"})
    with pytest.raises(Refused, match=f"lookup_key sso is in use by {theirs.id}, which no stack owns"):
        ours.up(feature())
    ours.up(feature(adopt=True))
    assert client.v1.entitlements.features.retrieve(theirs.id).name == "Single sign-on"


def test_one_feature_on_two_products(ours: Engine, client: stripe.StripeClient) -> None:
    """Each product has it once; removing one leaves the other."""
    both = (product(), product("pro"), feature(), attached(), attached("pro.sso", product="@Product.pro"))
    ours.up(*both)
    assert (attachments(client, ours), attachments(client, ours, "pro")) == (["sso"], ["sso"])
    ours.up(*both[:-1])
    assert (attachments(client, ours), attachments(client, ours, "pro")) == (["sso"], [])


def test_a_feature_twice_on_one_product_is_refused(ours: Engine) -> None:
    """The second resource is told of the first."""
    ours.up(product(), feature())
    with pytest.raises(Refused, match=r"entitlement_feature is declared by ProductFeature team\.sso as well"):
        ours.up(product(), feature(), attached(), attached("again"))


def test_what_is_attached_already_is_refused_or_adopted(ours: Engine, client: stripe.StripeClient) -> None:
    """An attachment has no marks, so only the program can say that it is ours."""
    ours.up(product(), feature())
    ids = ours.of("Product.team").id, ours.of("Feature.sso").id
    theirs = client.v1.products.features.create(ids[0], {"entitlement_feature": ids[1]})
    with pytest.raises(Refused, match=f"in use by {ids[0]}/{theirs.id}, which no stack owns"):
        ours.up(product(), feature(), attached())
    ours.up(product(), feature(), attached(adopt=True))
    assert ours.of("ProductFeature.team.sso").id == f"{ids[0]}/{theirs.id}"


def test_it_is_gone_with_its_product(ours: Engine, client: stripe.StripeClient) -> None:
    """A product that somebody deleted takes its attachments with it: a refresh drops both."""
    ours.up(product(), feature(), attached())
    client.v1.products.delete(ours.of("Product.team").id)
    ops = ours.refresh()
    assert (ops["Product.team"], ops["ProductFeature.team.sso"]) == ("gone", "gone")
    ours.up(product(), feature(), attached())
    assert attachments(client, ours) == ["sso"]


def test_requests_of_a_run(ours: Engine, account: EmulatorClient) -> None:
    """One write for each object; the attachments of a product are listed once."""
    ours.up(product(), feature(), feature("audit", lookup_key="audit"), attached(),
            attached("team.audit", entitlement_feature="@Feature.audit"))  # fmt: skip
    assert account.count(method="POST") == 5
    assert account.count(method="GET", path="/v1/products/*/features") == 1


def test_a_key_is_free_after_destroy(ours: Engine) -> None:
    """Another stack can have the lookup key then."""
    ours.up(feature())
    ours.destroy()
    assert Engine(in_process, stack="staging").up(feature()) == {"Feature.sso": "create"}
