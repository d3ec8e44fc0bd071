"""The example catalog: a small real business."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from billing_resources.catalog.loader import load_catalog
from billing_resources.catalog.manifest import of_catalog, validated

STACKS = Path(__file__).parents[3] / "stacks"
NAMES = ("local", "dev", "staging", "production")


def config(stack: str) -> dict[str, Any]:
    """The settings of a stack."""
    found: dict[str, Any] = YAML(typ="safe").load(STACKS / f"Pulumi.{stack}.yaml")["config"]
    return found


@pytest.fixture
def manifest() -> dict[str, Any]:
    """What the example sells."""
    return of_catalog(load_catalog(STACKS / "catalog.yaml"), "billing", "local")


def test_its_plans(manifest: dict[str, Any]) -> None:
    """A free plan for everybody, Team for organizations, Alpaca AI by usage."""
    plans = manifest["plans"]
    assert {key: (plan["free"], plan["audience"]) for key, plan in plans.items()} == {
        "free": (True, ["user", "organization"]),
        "team": (False, ["organization"]),
        "alpaca-ai": (False, ["user", "organization"]),
    }
    assert plans["team"]["limits"]["standard-credits"]["included"] == 1000


def test_team_is_sold_per_seat(manifest: dict[str, Any]) -> None:
    """12.00 USD a month and 120.00 a year for each member, 14 days on trial, cheaper by volume."""
    monthly, yearly, volume = (manifest["prices"][f"team.{name}"] for name in ("monthly", "yearly", "volume"))
    assert [price["type"] for price in (monthly, yearly, volume)] == ["per_seat"] * 3
    assert (monthly["unit_amount_decimal"], yearly["unit_amount_decimal"]) == ("1200", "12000")
    assert (monthly["interval"], yearly["interval"], monthly["trial_days"]) == ("month", "year", 14)
    assert (volume["tiers_mode"], len(volume["tiers"])) == ("volume", 3)


def test_alpaca_ai_is_sold_by_tokens(manifest: dict[str, Any]) -> None:
    """0.04 USD for every started 1,000 tokens, a base fee, and a price whose first tier is included."""
    tokens, base, graduated = (manifest["prices"][f"alpaca-ai.{name}"] for name in ("tokens", "base", "graduated"))
    assert (tokens["unit_amount_decimal"], tokens["transform_quantity"]) == ("4", {"divide_by": 1000, "round": "up"})
    assert manifest["meters"][tokens["meter"]]["event_name"] == "alpaca_ai_tokens"
    assert (base["type"], graduated["type"], graduated["tiers"][0]["unit_amount_decimal"]) == ("flat", "metered", "0")
    assert graduated["limits"]["ai-tokens"]["included"] == graduated["tiers"][0]["up_to"]


@pytest.mark.parametrize("stack", NAMES)
def test_every_stack_has_a_sound_catalog(stack: str) -> None:
    """With the stack's own overrides, too."""
    catalog = load_catalog(STACKS / "catalog.yaml", config(stack).get("billing:overrides"), stack)
    assert validated(of_catalog(catalog, "billing", stack))


def test_only_production_is_live() -> None:
    """A live key opens one stack, and no other."""
    assert {stack: config(stack)["stripe:mode"] for stack in NAMES} == {
        "local": "test",
        "dev": "test",
        "staging": "test",
        "production": "live",
    }
