"""Limits of plans and prices: each problem once, where it was written; manifests that stay what they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.manifest import of_catalog, validated
from tests.billing_resources.catalog.conftest import Said

Load = Callable[..., Catalog]
PLAN = """\
version: 1
currency: usd
plans:
  team:
    name: Team
    limits:
      images: {included: unlimited, rollover: {max: 5, periods: 2}}
      files: 10
    prices:
      monthly: {unit_amount: 1, recurring: month}
      yearly: {unit_amount: 1, recurring: year, limits: {files: {included: 5, thresholds: [100, 80]}}}
  free: {name: Free, free: true, limits: {images: {included: 0, thresholds: [80]}}}
"""

ASCENDING = "are percents in ascending order, each once"


def test_what_a_plan_writes_is_told_once_and_there(said: Said) -> None:
    """Two prices have the plan's limit, and one plan has no price: each mistake is told at its own line, once."""
    assert said(PLAN) == [
        "catalog.yaml:7:37: plans.team.limits.images.rollover: needs an amount: nothing is left over of unlimited",
        f"catalog.yaml:11:79: plans.team.prices.yearly.limits.files.thresholds: {ASCENDING}",
        "catalog.yaml:12:65: plans.free.limits.images.thresholds: need an amount above 0: they are percents of it",
    ]


def limits_of(load: Load, limit: str) -> dict[str, Any]:
    """The limit as the manifest has it, on the plan and on its price."""
    text = f"""\
version: 1
currency: usd
plans: {{team: {{name: Team, limits: {{images: {limit}}}, prices: {{monthly: {{unit_amount: 1, recurring: month}}}}}}}}
"""
    manifest = validated(of_catalog(load(text), "billing", "dev"))
    (of_plan,), (of_price,) = (list(manifest[of].values()) for of in ("plans", "prices"))
    assert of_plan["limits"] == of_price["limits"]
    found: dict[str, Any] = of_plan["limits"]["images"]
    return found


OLD = {"included": 5, "per": "period", "overage": "block", "meter": None}


@pytest.mark.parametrize(
    ("limit", "newer"),
    [
        ("5", {}),
        ("{included: 5, carry: carry}", {}),
        ("{included: 5, carry: reset}", {"carry": "reset"}),
        ("{included: 5, thresholds: [80, 100]}", {"thresholds": [80, 100]}),
        (
            "{included: 5, rollover: {max: unlimited, periods: 1}}",
            {"rollover": {"max": "unlimited", "periods": 1}},
        ),
    ],
)
def test_the_manifest_tells_newer_parts_only_where_they_say_something(
    load: Load, limit: str, newer: dict[str, Any]
) -> None:
    """A catalog that says none of them must have the manifest, and so the digest, that it always had."""
    assert limits_of(load, limit) == OLD | newer
