"""Coupons, codes, features, the portal, tax rates and event destinations through an engine, from one catalog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.billing_resources.catalog.newer_sections import CATALOG

if TYPE_CHECKING:
    import stripe

    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def several(project: Project) -> Project:
    """A stack with this catalog, provisioned."""
    project.catalog.write_text(CATALOG, encoding="utf-8")
    project.ok("up")
    return project


def unchanged(project: Project) -> None:
    """Nothing is left to do, by the state and by Stripe."""
    project.ok("preview", "--expect-no-changes")
    project.ok("refresh", "--expect-no-changes")


def active_code(client: stripe.StripeClient, text: str) -> stripe.PromotionCode:
    """The code that customers can redeem."""
    (found,) = client.v1.promotion_codes.list({"code": text, "active": True}).data
    return found


def test_made_left_alone_and_removed(several: Project, client: stripe.StripeClient) -> None:
    """The manifest has their ids; a second run finds nothing to do; destroy leaves nothing active."""
    unchanged(several)
    manifest = several.outputs()["manifest"]
    assert manifest["coupons"]["summer"]["id"] == "SUMMER"
    assert manifest["promotion_codes"]["summer"]["id"] == active_code(client, "SUMMER26").id
    assert "ciphertext" in json.dumps(several.outputs()["webhookSecrets"])
    several.ok("destroy")
    assert client.v1.coupons.list().data == client.v1.entitlements.features.list().data == []
    assert client.v1.promotion_codes.list({"active": True}).data == []
    assert client.v1.tax_rates.list({"active": True}).data == []
    assert client.v2.core.event_destinations.list().data == []


def test_a_coupon_with_a_chosen_id_takes_its_codes_along(several: Project, client: stripe.StripeClient) -> None:
    """It is removed before the new one has its id, and its code with it: the new code is for the new coupon."""
    before = active_code(client, "SUMMER26").id
    several.set(billing__overrides={"coupons": {"summer": {"percent_off": 20}}})
    several.ok("up")
    assert client.v1.coupons.retrieve("SUMMER").percent_off == 20
    assert active_code(client, "SUMMER26").id != before
    unchanged(several)


def test_a_plan_entitles_to_less(several: Project, client: stripe.StripeClient) -> None:
    """A feature that a plan no longer lists is detached, and stays for the others."""
    several.set(billing__overrides={"plans": {"team": {"entitlements": ["sso"]}}})
    several.ok("up")
    team = next(one for one in client.v1.products.list().data if one.name == "Team")
    assert [one.entitlement_feature.lookup_key for one in client.v1.products.features.list(team.id).data] == ["sso"]
    assert len(client.v1.entitlements.features.list().data) == 2
    unchanged(several)
