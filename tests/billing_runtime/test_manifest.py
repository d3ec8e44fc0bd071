"""Look-ups by name."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billing_runtime import Limit, Manifest, ManifestInvalid, Rollover, Seats, UnknownName, load_manifest

Json = dict[str, Any]

FROZEN = Path(__file__).parents[1] / "billing_resources" / "catalog" / "manifest.v1.first.json"


@pytest.fixture
def manifest(manifest_data: dict[str, Any]) -> Manifest:
    """The example, loaded."""
    return load_manifest(manifest_data)


def test_a_price_is_read_exactly(manifest: Manifest) -> None:
    """Amounts must arrive as exact decimals in minor units."""
    price = manifest.price("alpaca-ai.tokens")
    assert (price.unit_amount, type(price.unit_amount)) == (Decimal(4), Decimal)
    assert price.transform_quantity is not None
    assert price.transform_quantity.divide_by == 1000


def test_a_per_seat_price_says_how_seats_follow(manifest: Manifest) -> None:
    """Mode and bounds of the seats must be there."""
    assert manifest.price("team.monthly").seats == Seats("follow", 1, 50)


def test_a_minimum_of_no_seat_is_one(manifest_data: dict[str, Any]) -> None:
    """Nobody is billed for no seat at all."""
    manifest_data["prices"]["team.monthly"]["seats"] = {"mode": "follow", "minimum": 0}
    assert load_manifest(manifest_data).price("team.monthly").seats == Seats("follow", 1, None)


def test_a_zero_amount_stays_zero(manifest: Manifest) -> None:
    """A price of 0 must not turn into no price."""
    assert manifest.price("alpaca-ai.base").unit_amount == Decimal(0)


def test_tiers_and_currency_options_are_read(manifest_data: dict[str, Any]) -> None:
    """Tiers must keep their bounds and amounts, in every currency."""
    tiers = [{"up_to": 10, "unit_amount_decimal": "0"}, {"up_to": "inf", "flat_amount_decimal": "0.5"}]
    price = manifest_data["prices"]["team.monthly"]
    price |= {"unit_amount_decimal": None, "tiers": tiers, "tiers_mode": "graduated"}
    price["currency_options"] = {"eur": {"unit_amount_decimal": None, "tiers": tiers}}
    read = load_manifest(manifest_data).price("team.monthly")
    assert read.tiers is not None
    assert [(tier.up_to, tier.unit_amount, tier.flat_amount) for tier in read.tiers] == [
        (10, Decimal(0), None),
        ("inf", None, Decimal("0.5")),
    ]
    assert read.currency_options["eur"].tiers == read.tiers


def test_limits_tell_none_from_unlimited(manifest: Manifest) -> None:
    """An unlimited allowance must be spelled out, never a missing or negative number."""
    assert manifest.plan("team").limits["members"].included == "unlimited"
    assert manifest.plan("alpaca-ai").limits["ai_tokens"] == Limit(100000, "period", "bill", "alpaca-ai-tokens")


def test_a_limit_of_zero_is_zero(manifest_data: dict[str, Any]) -> None:
    """0 must deny, not allow everything."""
    manifest_data["plans"]["team"]["limits"]["members"]["included"] = 0
    assert load_manifest(manifest_data).plan("team").limits["members"].included == 0


def test_newer_parts_of_a_limit_are_read(manifest_data: dict[str, Any]) -> None:
    """Rollover, carry and thresholds must arrive, also as the floats that Pulumi hands on; what is absent is none."""
    limit = manifest_data["plans"]["team"]["limits"]["members"]
    limit |= {"included": 50.0, "rollover": {"max": 100.0, "periods": 2.0}, "thresholds": [100.0, 80.0]}
    of_plan = load_manifest(manifest_data).plan("team").limits["members"]
    assert of_plan == Limit(50, "lifetime", rollover=Rollover(100, 2), carry="carry", thresholds=(80, 100))
    assert [type(one) for one in of_plan.thresholds] == [int, int]
    limit |= {"rollover": {"max": "unlimited", "periods": 1}, "carry": "prorate", "thresholds": []}
    of_plan = load_manifest(manifest_data).plan("team").limits["members"]
    assert of_plan == Limit(50, "lifetime", rollover=Rollover(None, 1), carry="prorate")
    limit["rollover"] = None
    assert load_manifest(manifest_data).plan("team").limits["members"].rollover is None


def test_plans_come_by_rank(manifest: Manifest) -> None:
    """Plans must be in the order in which they are shown."""
    assert [plan.key for plan in manifest.plans_for()] == ["alpaca-ai", "team"]


def test_plans_for_a_kind_leave_the_others_out(manifest: Manifest) -> None:
    """A user must not be shown plans for organizations only."""
    assert [plan.key for plan in manifest.plans_for("user")] == ["alpaca-ai"]


def test_a_plan_without_audience_is_for_everyone(manifest_data: dict[str, Any]) -> None:
    """An empty audience must not hide a plan."""
    manifest_data["plans"]["team"]["audience"] = []
    assert "team" in [plan.key for plan in load_manifest(manifest_data).plans_for("user")]


def test_a_plan_holds_its_prices(manifest: Manifest) -> None:
    """A plan's prices must be the values, ready for use."""
    assert [price.id for price in manifest.plan("team").prices] == ["price_team"]


@pytest.mark.parametrize(
    ("kind", "name", "near"),
    [
        ("plan", "teem", "team"),
        ("price", "team_monthly", "team.monthly"),
        ("meter", "alpaca_ai_tokens", "alpaca-ai-tokens"),
        ("product", "Alpaca AI", "alpaca-ai"),
    ],
)
def test_an_unknown_name_lists_near_ones(manifest: Manifest, kind: str, name: str, near: str) -> None:
    """A mistyped name must be answered with the one that was meant."""
    with pytest.raises(UnknownName) as caught:
        getattr(manifest, kind)(name)
    assert near in caught.value.near
    assert str(caught.value).startswith(f"No {kind} {name!r} in the manifest: did you mean '{near}'")


def test_a_name_like_no_other_lists_what_there_is(manifest: Manifest) -> None:
    """Without a near name the error must say what exists."""
    with pytest.raises(UnknownName, match="there are alpaca-ai, team"):
        manifest.plan("zzz")


def test_unknown_names_are_lookup_errors(manifest: Manifest) -> None:
    """Code that catches LookupError must keep working."""
    with pytest.raises(LookupError):
        manifest.alert("zzz")
    with pytest.raises(LookupError):
        manifest.webhook_endpoint("zzz")


def test_values_are_frozen(manifest: Manifest) -> None:
    """Nobody may change the catalog by accident."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        manifest.plan("team").name = "Other"  # type: ignore[misc]


def test_what_the_first_release_wrote_can_be_read() -> None:
    """A public format: every part of an old manifest must still be understood."""
    old = load_manifest(FROZEN)
    assert sorted(old.prices) == ["setup.once", "team.pack", "team.seat", "team.tiers"]
    assert old.price("team.seat").seats == Seats("purchased", 1, 9)
    assert old.price("team.pack").unit_amount == Decimal("0.5")
    assert old.plan("team").limits["calls"] == Limit("unlimited", "day", "bill", "calls")
    assert old.meter("calls").value_key == "n"


def test_groups_of_plans(manifest_data: Json) -> None:
    """A plan is in the group it names; all that name none are in one."""
    manifest = load_manifest(manifest_data)
    assert {name: plan.group for name, plan in manifest.plans.items()} == {"team": "plans", "alpaca-ai": "ai"}


@pytest.mark.parametrize("group", [5, "", ["plans"]])
def test_a_group_edited_by_hand(manifest_data: Json, group: Any) -> None:
    """What can be no group's name must be refused with its place."""
    manifest_data["plans"]["team"]["group"] = group
    with pytest.raises(ManifestInvalid, match=r"plans\.team\.group"):
        load_manifest(manifest_data)
