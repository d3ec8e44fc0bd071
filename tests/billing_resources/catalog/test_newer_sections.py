"""Coupons, codes, features, the portal, tax rates and event destinations in a catalog, and what they may not say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import billing_resources as billing
from billing_resources.catalog.document import parse
from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.manifest import of_catalog, validated
from billing_resources.catalog.schema import catalog_schema
from billing_resources.errors import InvalidDeclaration
from tests.billing_resources.catalog.conftest import Said
from tests.billing_resources.catalog.newer_sections import CATALOG
from tests.billing_resources.program import run

FROZEN = Path(__file__).with_name("manifest.newer.json")
SECTIONS = ("coupons", "promotion_codes", "tax_rates", "event_destinations")


@pytest.fixture
def inputs(tmp_path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """What the catalog registers, by kind and name."""
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG, encoding="utf-8")
    ran = run(lambda: billing.deploy_catalog(path))
    return {(one.typ.rpartition(":")[2], one.name): one.inputs for one in ran.resources}


def test_an_editor_takes_it() -> None:
    """The JSON Schema knows the sections and their short forms."""
    found = Draft202012Validator(catalog_schema()).iter_errors(parse(CATALOG, "c.yaml").data)
    assert [error.message for error in found] == []


def test_features_are_attached_to_plans_and_products(inputs: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Each attachment has the name of its product and feature, and Stripe gets the ids."""
    attached = {name: args for (kind, name), args in inputs.items() if kind == "ProductFeature"}
    assert set(attached) == {"team.sso", "team.audit", "support.audit"}
    assert (attached["team.audit"]["product"], attached["team.audit"]["entitlement_feature"]) == ("id_team", "id_audit")


def test_names_become_ids(inputs: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Inside of lists and short forms as well."""
    assert inputs["Coupon", "summer"]["applies_to"] == {"products": ["id_team"]}
    assert inputs["PromotionCode", "summer"]["promotion"] == {"coupon": "id_summer"}
    products = inputs["PortalConfiguration", "self-service"]["features"]["subscription_update"]["products"]
    assert [(one["product"], one["prices"]) for one in products] == [
        ("id_team", ["id_team.seat"]),
        ("id_support", ["id_support.monthly"]),
    ]


def test_the_catalogs_currency_is_that_of_its_amounts(inputs: dict[tuple[str, str], dict[str, Any]]) -> None:
    """A coupon over an amount and the least bill of a code have it, a percentage has none."""
    assert inputs["Coupon", "five"]["currency"] == "usd"
    assert inputs["PromotionCode", "summer"]["restrictions"]["minimum_amount_currency"] == "usd"
    assert "currency" not in inputs["Coupon", "summer"]


def test_the_manifest_never_changes(load: Callable[..., Catalog]) -> None:
    """A public format: the sections as the first release that has them wrote them."""
    manifest = validated(of_catalog(load(CATALOG), "billing", "dev"))
    assert manifest == json.loads(FROZEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_manifest_without_the_section_is_one_as_well(section: str) -> None:
    """What the first release wrote lacks them, and a stack without such objects still does."""
    manifest = json.loads(FROZEN.read_text(encoding="utf-8"))
    del manifest[section]
    assert validated(manifest) is manifest


@pytest.mark.parametrize("section", [*SECTIONS, "features", "portal_configurations"])
def test_entries_without_an_id_break_the_schema(section: str) -> None:
    """The schema says what an entry is: not just anything."""
    manifest = json.loads(FROZEN.read_text(encoding="utf-8"))
    manifest[section]["odd"] = {"name": "odd"}
    with pytest.raises(billing.BillingResourceError, match=f"{section}.odd required"):
        validated(manifest)


def test_secrets_of_endpoints_and_destinations_are_together(tmp_path: Path) -> None:
    """One secret output has both, by name."""
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG, encoding="utf-8")
    ran = run(lambda: billing.deploy_catalog(path))
    assert ran.outputs["webhookSecrets"] == {"app": "whsec_made_up", "meter-errors": "whsec_made_up"}
    assert ran.secrets == {"webhookSecrets"}
    assert "whsec" not in json.dumps(ran.outputs["manifest"])


def test_two_secrets_of_one_name_are_refused_in_a_program() -> None:
    """The second would hide the first."""
    said: list[str] = []

    def program() -> None:
        billing.WebhookEndpoint("app", url="https://a.example.com", enabled_events=["*"])
        billing.EventDestination(
            "app", name="App", enabled_events=["*"], webhook_endpoint={"url": "https://a.example.com"}
        )
        with pytest.raises(InvalidDeclaration) as caught:
            billing.export_manifest()
        said.extend(caught.value.problems)

    run(program)
    why = "WebhookEndpoint has this name already: their signing secrets are in one output"
    assert said == [f"EventDestination 'app': {why}"]


WRONG = [
    ("entitlements: [sso, audit]", "entitlements: [sso, audits]",
     "plans.team.entitlements[1]: names no feature of this catalog: did you mean audit?"),
    ("entitlements: [sso, audit]", "entitlements: [sso, sso]",
     "plans.team.entitlements[1]: is the name of plans.team.entitlements[0] already"),
    ("applies_to: [team]", "applies_to: [teams]",
     "coupons.summer.applies_to.products[0]: names no product of this catalog: did you mean team?"),
    ("promotion: summer", "promotion: winter", "promotion_codes.summer.promotion.coupon: names no coupon"),
    ("five: {promotion:", "five: {code: summer26, promotion:",
     "promotion_codes.five.code: is the code of promotion_codes.summer already: choose another"),
    ('percent_off: "12.50"', "percent_off: 12.5",
     'coupons.summer.percent_off: is a percentage: a whole number or a quoted decimal, 25 or "12.5"'),
    ("prices: [team.seat]", "prices: [team.yearly]",
     "products[0].prices[0]: lets customers change a quantity that is not for sale"),
    ("prices: [team.seat]", "prices: [support.monthly]", "products[0].prices[0]: is no price of team"),
    ("yearly: {unit_amount: 12000, recurring: year", "yearly: {unit_amount: 12000, recurring: month",
     None),
    ("prices: [team.seat]", "prices: [team.seats]", "products[0].prices[0]: names no price of this catalog"),
    ("product: support, prices", "product: team, prices", "products[1].product: is listed already"),
    ("meter-errors:", "app:", "webhook_endpoints.app: is the name of event_destinations.app already"),
    ("country: DE", "country: Germany", "tax_rates.vat.country: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG)
def test_what_is_wrong_is_said_at_its_place(said: Said, old: str, new: str, sentence: str | None) -> None:
    """Each slip is found before anything is registered, with its line."""
    assert CATALOG.count(old) == 1
    found = [line for line in said(CATALOG.replace(old, new)) if sentence is None or sentence in line]
    assert bool(found) == (sentence is not None)


def test_two_prices_of_one_interval_are_refused(said: Said) -> None:
    """The portal could not tell customers apart what they switch to."""
    text = CATALOG.replace(
        "yearly: {unit_amount: 12000, recurring: year", "yearly: {unit_amount: 12000, recurring: month"
    )
    text = text.replace("prices: [team.seat], adjustable_quantity: {enabled: true}", "prices: [team.seat, team.yearly]")
    assert any("prices[1]: is billed as often as team.seat" in line for line in said(text))


def test_a_portal_has_room_for_ten_products(said: Said) -> None:
    """Stripe's limit is known before anything is sent."""
    listed = "          - {product: support, prices: [support.monthly]}\n"
    found = said(CATALOG.replace(listed, listed * 10))
    assert any("products: list should have at most 10 items" in line for line in found)
