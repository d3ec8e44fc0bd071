"""Objects that do not change are not in a plan; they come from the state, the catalog or the manifest beside it."""

from __future__ import annotations

from typing import Any

from billing_review.reading import read_plan
from billing_review.steps import Change, Plan, Step
from tests.billing_review.reading.plans import plan, stack_step, state, step, urn

MANIFEST: dict[str, Any] = {
    "plans": {
        "team": {"name": "Team", "rank": 2, "badge": None, "limits": {"members": {"included": 5, "meter": None}}}
    },
    "products": {"team": {"id": "prod_1aaaaaaaa"}, "support": {"id": "prod_2aaaaaaaa"}},
    "prices": {
        "team.seat": {
            "id": "price_1",
            "product": "team",
            "currency": "usd",
            "unit_amount_decimal": "1200",
            "tiers": None,
            "tiers_mode": None,
            "transform_quantity": None,
            "currency_options": {"eur": {"unit_amount_decimal": "10.5", "tiers": None}},
            "interval": "month",
            "interval_count": 1,
            "lookup_key": "team_seat",
            "trial_days": 14,
            "meter": None,
            "seats": {"mode": "follow", "minimum": 1, "maximum": None},
            "limits": {},
            "features": {"sso": "1"},
            "default": True,
        },
        "support.usage": {
            "id": "price_2",
            "product": "support",
            "currency": "usd",
            "unit_amount_decimal": None,
            "tiers": [
                {"up_to": 10, "unit_amount_decimal": "0", "flat_amount_decimal": "500"},
                {"up_to": "inf", "unit_amount_decimal": "0.5", "flat_amount_decimal": None},
            ],
            "tiers_mode": "graduated",
            "interval": "month",
            "interval_count": 3,
            "meter": "tokens",
            "default": False,
        },
    },
    "meters": {
        "tokens": {
            "id": "mtr_1",
            "event_name": "tokens",
            "formula": "sum",
            "customer_key": "stripe_customer_id",
            "value_key": "value",
            "window": None,
        }
    },
    "alerts": {"soon": {"id": "alrt_1", "title": "Soon", "meter": "tokens", "gte": 9, "status": "active"}},
    "webhook_endpoints": {"app": {"id": "we_1", "url": "https://a.example", "api_version": None}},
    "promotion_codes": {"sale": {"id": "promo_1", "code": "SALE", "coupon": "summer"}},
}
SEAT = {
    "product": "team",
    "currency": "usd",
    "unit_amount": 1200,
    "recurring": {"interval": "month"},
    "seats": {"mode": "follow"},
}


def test_from_the_manifest() -> None:
    """It has names, ids, amounts and plans, written as a program writes them; what it lacks is said to be unknown."""
    found = read_plan(plan(stack_step({"manifest": MANIFEST})))
    args = {(one.kind, one.key): one.args for one in found.steps}
    assert args["Product", "team"] == {"name": "Team"}
    assert args["Product", "support"] == {}
    assert args["Price", "team.seat"] == {
        "product": "team",
        "currency": "usd",
        "unit_amount": 1200,
        "currency_options": {"eur": {"unit_amount_decimal": "10.5"}},
        "recurring": {"interval": "month", "interval_count": 1},
        "lookup_key": "team_seat",
        "trial_days": 14,
        "seats": {"mode": "follow", "minimum": 1},
        "features": {"sso": "1"},
        "default": True,
    }
    assert args["Price", "support.usage"] == {
        "product": "support",
        "currency": "usd",
        "tiers": [
            {"up_to": 10, "unit_amount": 0, "flat_amount": 500},
            {"up_to": "inf", "unit_amount_decimal": "0.5"},
        ],
        "tiers_mode": "graduated",
        "recurring": {"interval": "month", "interval_count": 3, "meter": "tokens", "usage_type": "metered"},
    }
    assert args["Meter", "tokens"]["default_aggregation"] == {"formula": "sum"}
    assert args["Alert", "soon"]["usage_threshold"] == {"meter": "tokens", "gte": 9}
    assert args["PromotionCode", "sale"]["promotion"] == {"coupon": "summer", "type": "coupon"}
    assert {one.operation for one in found.steps} == {"same"}
    assert all(one.is_partial for one in found.steps)
    seat = found.find("Price", "team.seat")
    assert seat is not None
    assert (seat.object_id, seat.plan) == ("price_1", "team")
    usage = found.find("Price", "support.usage")
    assert usage is not None
    assert usage.plan is None


def catalog(*steps: dict[str, Any], plans: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """The document of a catalog that is compared with itself."""
    return {"version": 1, "steps": [{"operation": "same", **one} for one in steps], "plans": list(plans)}


def entry(kind: str, key: str, args: dict[str, Any], line: int) -> dict[str, Any]:
    """One object of a catalog, and its line."""
    plan_name = "team" if key.startswith("team") else None
    return {"kind": kind, "key": key, "old": args, "new": args, "plan": plan_name, "place": f"catalog.yaml:{line}"}


SMALL = {
    "plans": MANIFEST["plans"],
    "products": {"team": {"id": "prod_1aaaaaaaa"}},
    "prices": {"team.seat": MANIFEST["prices"]["team.seat"] | {"currency_options": {}, "trial_days": None}},
    "webhook_endpoints": MANIFEST["webhook_endpoints"],
}
ENDPOINT = {"url": "https://a.example", "enabled_events": ["invoice.paid"]}
NEW = {"name": "Pro"}
WRITTEN = (
    entry("Product", "team", {"name": "Team", "description": "D"}, 3),
    entry("Price", "team.seat", SEAT, 5),
    entry("WebhookEndpoint", "app", ENDPOINT, 9),
    entry("ProductFeature", "team.sso", {"product": "team", "entitlement_feature": "sso"}, 4),
    entry("Product", "pro", NEW, 12),
)
RANKS = ({"key": "team", "old": {"name": "Team", "rank": 3}, "new": {"name": "Team", "rank": 3, "badge": None}},)


def planned(document: dict[str, Any]) -> Change:
    """A plan that makes a product, beside a catalog."""
    making = step("create", new=state("Product", "pro", NEW))
    return read_plan(plan(stack_step({"manifest": SMALL}), making), catalog=document)


def test_from_the_catalog_that_the_plan_was_made_of() -> None:
    """It has every field and every line, also of what no manifest lists, and the plans as they will be."""
    found = planned(catalog(*WRITTEN, plans=RANKS))
    assert {(one.kind, one.key): (one.operation, one.place, one.is_partial) for one in found.steps} == {
        ("Product", "pro"): ("create", "catalog.yaml:12", False),
        ("Product", "team"): ("same", "catalog.yaml:3", False),
        ("Price", "team.seat"): ("same", "catalog.yaml:5", False),
        ("WebhookEndpoint", "app"): ("same", "catalog.yaml:9", False),
        ("ProductFeature", "team.sso"): ("same", "catalog.yaml:4", False),
    }
    app = found.find("WebhookEndpoint", "app")
    assert app is not None
    assert (app.args, app.object_id) == (ENDPOINT, "we_1")
    old = {"name": "Team", "rank": 2, "limits": {"members": {"included": 5}}}
    assert found.plans == (Plan("team", old, {"name": "Team", "rank": 3}),)


def test_plans_that_the_plan_is_not_about() -> None:
    """A catalog may have plans that no engine has heard of yet: a plan for some resources leaves them out."""
    assert read_plan(plan(stack_step()), catalog=catalog(*WRITTEN, plans=RANKS)).plans == ()


def test_a_catalog_of_another_revision_is_not_used() -> None:
    """It contradicts the plan or the manifest, or lacks what the plan makes; then lines would be of other objects."""
    others = [
        [one for one in WRITTEN if one["key"] != "pro"],
        [*WRITTEN[:4], entry("Product", "pro", {"name": "Professional"}, 12)],
        [WRITTEN[0], entry("Price", "team.seat", {**SEAT, "unit_amount": 1300}, 5), *WRITTEN[2:]],
        [one for one in WRITTEN if one["key"] != "app"],
    ]
    for other in others:
        found = planned(catalog(*other, plans=RANKS))
        assert [one.place for one in found.steps] == [None] * 4
        assert found.plans == ()


def test_from_the_exported_state() -> None:
    """It has every field, by names, and knows better than a manifest of an `up` that failed."""
    resources = [
        {"urn": urn("Product", "team", "team"), "id": "prod_7aaaaaaaa", "type": "t", "inputs": {"name": "Team"}},
        state("Price", "team.seat", {**SEAT, "product": "prod_7aaaaaaaa"}, id="price_1", plan="team"),
        state("Price", "team.old", {}, id="price_0", plan="team") | {"delete": True},
        {"urn": "urn:pulumi:dev::shop::aws:s3:Bucket::b", "inputs": {}},
        "no resource",
    ]
    exported = {"version": 3, "deployment": {"resources": resources}}
    found = read_plan(plan(stack_step({"manifest": MANIFEST})), state=exported)
    assert found.steps == (
        Step("Product", "team", "same", {"name": "Team"}, {"name": "Team"}, object_id="prod_7aaaaaaaa", plan="team"),
        Step("Price", "team.seat", "same", SEAT, SEAT, object_id="price_1", plan="team"),
    )
