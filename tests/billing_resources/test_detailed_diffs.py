"""What a preview shows of a change: its kind and its path, in the words of the program."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.billing_resources.engine import Declared, Engine
from tests.billing_resources.programs import MONTHLY, endpoint, meter, price, product

TIERS = [{"up_to": 10, "unit_amount": 5}, {"up_to": "inf", "unit_amount": 3}]
Paths = dict[str, str]
CASES: dict[str, tuple[Declared, Declared, Paths]] = {
    "added": (product(), product(description="New"), {"description": "ADD"}),
    "removed": (product(description="Old"), product(), {"description": "DELETE"}),
    "changed": (product(), product(name="Crew"), {"name": "UPDATE"}),
    "two at once": (product(url="https://example.com/a"), product(name="Crew"), {"name": "UPDATE", "url": "DELETE"}),
    "a metadata key": (
        product(metadata={"a": "1", "b": "2"}),
        product(metadata={"a": "3"}),
        {
            "metadata.a": "UPDATE",
            "metadata.b": "DELETE",
        },
    ),
    "a metadata key with a dot": (
        product(metadata={"a": "1"}),
        product(metadata={"a": "1", "x.y": "2"}),
        {
            'metadata["x.y"]': "ADD",
        },
    ),
    "an item of a list": (
        product(marketing_features=[{"name": "A"}, {"name": "B"}]),
        product(marketing_features=[{"name": "A"}, {"name": "C"}]),
        {"marketing_features[1].name": "UPDATE"},
    ),
    "a longer list": (
        product(images=["https://e.com/a"]),
        product(images=["https://e.com/a", "https://e.com/b"]),
        {
            "images": "UPDATE",
        },
    ),
    "a set": (endpoint(), endpoint(enabled_events=["invoice.paid", "*"]), {"enabled_events": "UPDATE"}),
    "an amount": (price(), price(unit_amount=1500), {"unit_amount": "UPDATE_REPLACE"}),
    "an amount in decimals": (price(), price(unit_amount_decimal="0.5"), {"unit_amount_decimal": "UPDATE_REPLACE"}),
    "an interval": (price(), price(recurring={"interval": "year"}), {"recurring.interval": "UPDATE_REPLACE"}),
    "a default that is left": (
        price(),
        price(recurring={**MONTHLY, "interval_count": 3}),
        {
            "recurring.interval_count": "UPDATE_REPLACE",
        },
    ),
    "no longer recurring": (price(), price(recurring=None), {"recurring": "DELETE_REPLACE"}),
    "packages": (
        price(),
        price(transform_quantity={"divide_by": 10, "round": "up"}),
        {
            "transform_quantity": "ADD_REPLACE",
        },
    ),
    "an amount in a tier": (
        price(tiers=TIERS, tiers_mode="volume"),
        price(tiers=[TIERS[0], {"up_to": "inf", "unit_amount": 2}], tiers_mode="volume"),
        {"tiers[1].unit_amount": "UPDATE_REPLACE"},
    ),
    "an amount in another currency": (
        price(currency_options={"eur": {"unit_amount": 1100}}),
        price(currency_options={"eur": {"unit_amount": 1000}}),
        {"currency_options.eur.unit_amount": "UPDATE"},
    ),
    "a limit": (
        price(limits={"credits": {"included": 5}}),
        price(limits={"credits": {"included": 9}}),
        {
            "limits.credits.included": "UPDATE",
        },
    ),
    "an aggregation": (
        meter(),
        meter(event_name="n", default_aggregation={"formula": "last"}),
        {
            "event_name": "UPDATE_REPLACE",
            "default_aggregation.formula": "UPDATE_REPLACE",
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_kind_and_path(case: str, ours: Engine) -> None:
    """Each change is shown once, at the place that the program wrote."""
    before, after, paths = CASES[case]
    around = () if before.kind == "Product" else (product(),)
    ours.up(*around, before)
    ours.preview(*around, after)
    assert ours.detailed[str(before)] == paths


@pytest.mark.parametrize("case", CASES)
def test_what_was_shown_is_what_happens(case: str, ours: Engine) -> None:
    """After the up nothing is left, and a refresh finds nothing."""
    before, after, paths = CASES[case]
    around = () if before.kind == "Product" else (product(),)
    ours.up(*around, before)
    replaced = any(kind.endswith("REPLACE") for kind in paths.values())
    assert ours.up(*around, after)[str(after)] == ("replace" if replaced else "update")
    assert set(ours.refresh().values()) == {"same"}
    assert set(ours.up(*around, after).values()) == {"same"}


def test_drift_is_shown(ours: Engine, client: stripe.StripeClient) -> None:
    """An archived price shows as a change of ``active``, although no program writes it."""
    ours.up(product(), price())
    client.v1.prices.update(ours.of("Price.monthly").id, {"active": False})
    ours.refresh()
    ours.preview(product(), price())
    assert ours.detailed["Price.monthly"] == {"active": "UPDATE"}


def test_marks_never_show(ours: Engine) -> None:
    """Fields of ours show under their own names, not as metadata."""
    ours.up(product(), price())
    changed: dict[str, Any] = {"seats": {"mode": "follow"}, "trial_days": 14, "features": {"sso": "1"}}
    ours.preview(product(), price(**changed))
    assert set(ours.detailed["Price.monthly"]) == {"seats", "trial_days", "features"}
