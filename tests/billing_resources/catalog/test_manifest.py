"""The manifest: names, ids, amounts as decimal strings, and nothing secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.manifest import InvalidManifest, Listed, StackFacts, build, digest, of_catalog, validated

Load = Callable[..., Catalog]
FROZEN = Path(__file__).with_name("manifest.v1.json")
CATALOG = """
version: 1
currency: usd
meters:
  calls: {display_name: Calls, event_name: calls, default_aggregation: last, event_time_window: hour,
          value_settings: {event_payload_key: n}, customer_mapping: {type: by_id, event_payload_key: who}}
plans:
  team:
    name: Team
    audience: [organization]
    rank: 3
    badge: New
    limits: {members: 5, calls: {included: unlimited, per: day, overage: allow, meter: calls}}
    features: {sso: "1"}
    prices:
      seat: {unit_amount: 1200, recurring: {interval: month, interval_count: 3}, seats: {mode: purchased, maximum: 9},
             trial_days: 7, lookup_key: seat, default: true, currency_options: {eur: {unit_amount: 1100}}}
      pack: {unit_amount_decimal: "0.50", transform_quantity: {divide_by: 10, round: up},
             recurring: {interval: month, meter: calls}}
      tiers: {recurring: year, tiers_mode: graduated, currency_options: {eur: {tiers: [{up_to: inf, unit_amount: 1}]}},
              tiers: [{up_to: 5, unit_amount: 0, flat_amount: 100}, {up_to: inf, unit_amount_decimal: "0.0015"}]}
products:
  setup: {name: Set-up, prices: {once: {unit_amount: 0}}}
alerts: {many: {title: Many, status: inactive, usage_threshold: {meter: calls, gte: 7}}}
webhook_endpoints: {app: {url: "https://app.example.com/s", enabled_events: ["*"]}}
"""


@pytest.fixture
def manifest(load: Load) -> dict[str, Any]:
    """The manifest of the catalog alone."""
    return of_catalog(load(CATALOG), "billing", "dev")


def test_it_follows_the_published_schema(manifest: dict[str, Any]) -> None:
    """A catalog's own manifest, with ids that are null, is valid."""
    assert validated(manifest) is manifest


def test_version_1_never_changes(manifest: dict[str, Any]) -> None:
    """A public format: the whole document, the digest included, is what the first release wrote."""
    assert manifest == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_plans(manifest: dict[str, Any]) -> None:
    """A plan has its product, every part of its limits, and the names of its prices."""
    calls = {"included": "unlimited", "per": "day", "overage": "allow", "meter": "calls"}
    members = {"included": 5, "per": "period", "overage": "block", "meter": None}
    assert manifest["plans"] == {
        "team": {"product": "team", "name": "Team", "audience": ["organization"], "rank": 3, "badge": "New",
                 "free": False, "limits": {"members": members, "calls": calls}, "features": {"sso": "1"},
                 "prices": ["team.seat", "team.pack", "team.tiers"]}
    }  # fmt: skip


def test_a_price_per_seat(manifest: dict[str, Any]) -> None:
    """Defaults are filled in, and amounts are decimal strings."""
    seat = manifest["prices"]["team.seat"]
    assert (seat["type"], seat["interval"], seat["interval_count"], seat["default"]) == ("per_seat", "month", 3, True)
    assert seat["seats"] == {"mode": "purchased", "minimum": 1, "maximum": 9}
    assert (seat["unit_amount_decimal"], seat["tiers"], seat["trial_days"]) == ("1200", None, 7)
    assert seat["currency_options"] == {"eur": {"unit_amount_decimal": "1100", "tiers": None}}
    assert list(seat["limits"]) == ["members", "calls"]


def test_a_metered_price(manifest: dict[str, Any]) -> None:
    """The meter is named by its key; decimals have one spelling."""
    pack = manifest["prices"]["team.pack"]
    assert (pack["type"], pack["meter"], pack["unit_amount_decimal"]) == ("metered", "calls", "0.5")
    assert pack["transform_quantity"] == {"divide_by": 10, "round": "up"}


def test_a_tiered_price(manifest: dict[str, Any]) -> None:
    """Each tier has both amounts, null where there is none."""
    tiers = manifest["prices"]["team.tiers"]
    assert (tiers["type"], tiers["unit_amount_decimal"], tiers["tiers_mode"]) == ("flat", None, "graduated")
    assert tiers["tiers"] == [
        {"up_to": 5, "unit_amount_decimal": "0", "flat_amount_decimal": "100"},
        {"up_to": "inf", "unit_amount_decimal": "0.0015", "flat_amount_decimal": None},
    ]
    assert tiers["currency_options"]["eur"]["tiers"][0]["unit_amount_decimal"] == "1"


def test_a_plan_that_names_its_group(load: Load) -> None:
    """The group is told where the catalog names one, and only there: without it nothing is another manifest."""
    plans = of_catalog(load(CATALOG.replace("rank: 3", "group: add-ons")), "billing", "dev")["plans"]
    assert plans["team"]["group"] == "add-ons"
    assert "group" not in of_catalog(load(CATALOG), "billing", "dev")["plans"]["team"]


def test_a_one_time_price_of_a_product_without_a_plan(manifest: dict[str, Any]) -> None:
    """It has no period, and no plan lists it."""
    once = manifest["prices"]["setup.once"]
    assert (once["type"], once["product"], once["interval"], once["interval_count"]) == (
        "one_time",
        "setup",
        None,
        None,
    )
    assert manifest["products"] == {"team": {"id": None}, "setup": {"id": None}}


def test_meters_alerts_and_endpoints(manifest: dict[str, Any]) -> None:
    """What the runtime needs to report usage and to receive events."""
    assert manifest["meters"]["calls"] == {"id": None, "event_name": "calls", "formula": "last", "customer_key": "who",
                                           "value_key": "n", "window": "hour"}  # fmt: skip
    assert manifest["alerts"]["many"] == {"id": None, "title": "Many", "meter": "calls", "gte": 7, "status": "inactive"}
    assert manifest["webhook_endpoints"]["app"] == {"id": None, "url": "https://app.example.com/s", "api_version": None}


def listed(kind: str = "Product", **args: Any) -> Listed:
    """One declared object."""
    return Listed(kind, "team", {"name": "Team", **args}, "prod_1", {"api_version": "2020-01-01"})


def test_the_digest_is_the_same_wherever_the_catalog_was_provisioned() -> None:
    """Stack, account, mode, version and ids are not part of it."""
    here = build([listed()], {}, StackFacts("billing", "dev", "acct_1", livemode=False))
    there = build(
        [Listed("Product", "team", {"name": "Team"})], {}, StackFacts("shop", "live", None, None, "2030-01-01")
    )
    assert here["catalog_digest"] == there["catalog_digest"] == digest(here)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1200", "1300"),
        ("rank: 3", "rank: 4"),
        ("sso", "scim"),
        ("gte: 7", "gte: 8"),
        ("/s", "/t"),
        ("key: n", "key: m"),
    ],
)
def test_the_digest_changes_with_what_is_sold(load: Load, old: str, new: str) -> None:
    """A change of an amount, a plan, a feature, an alert, an address or a meter is another catalog."""
    one, other = (of_catalog(load(text), "p", "s") for text in (CATALOG, CATALOG.replace(old, new)))
    assert one["catalog_digest"] != other["catalog_digest"]


def test_equal_spellings_have_one_digest(load: Load) -> None:
    """An amount written as a decimal, or a default written out, is the same catalog."""
    same = CATALOG.replace("unit_amount: 1200", 'unit_amount_decimal: "1200.0"').replace(
        "members: 5", "members: {included: 5, per: period}"
    )
    one, other = (of_catalog(load(text), "p", "s") for text in (CATALOG, same))
    assert one["catalog_digest"] == other["catalog_digest"]


@given(st.integers(0, 999_999_999_999))
def test_amounts_are_exact(amount: int) -> None:
    """No amount passes through a float."""
    price = listed("Price", product="team", currency="usd", unit_amount=amount)
    made = json.loads(json.dumps(build([price], {}, StackFacts("p", "s"))))
    assert made["prices"]["team"]["unit_amount_decimal"] == str(amount)


def test_a_manifest_that_breaks_its_schema_is_a_fault_of_ours(manifest: dict[str, Any]) -> None:
    """The place is told, the value is not."""
    manifest["prices"]["team.seat"]["unit_amount_decimal"] = "secret"
    with pytest.raises(InvalidManifest, match=r"\$\.prices\['team\.seat'\]\.unit_amount_decimal pattern") as caught:
        validated(manifest)
    assert "secret" not in str(caught.value)
