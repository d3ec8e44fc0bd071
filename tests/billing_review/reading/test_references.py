"""Ids of Stripe become the names of the program, whether the objects are there already or come with the change."""

from __future__ import annotations

from typing import Any

from billing_review.reading import read_plan
from tests.billing_review.reading.plans import UNKNOWN, plan, stack_step, state, step, urn

TEAM, METER = urn("Product", "team", "team"), urn("Meter", "tokens")


def created(kind: str, name: str, inputs: dict[str, Any], needs: dict[str, list[str]]) -> dict[str, Any]:
    """The fields of an object that is made, as they are read."""
    found = read_plan(plan(step("create", new=state(kind, name, inputs, needs=needs)))).steps[0].new
    assert found is not None
    return dict(found)


def test_ids_of_objects_in_the_plan() -> None:
    """An object that changes in the same plan says which id is its."""
    product = step("update", state("Product", "team", {}, id="prod_1aaaaaaaa"), state("Product", "team", {"name": "T"}))
    new = state("Price", "a", {"product": "prod_1aaaaaaaa"}, needs={"product": [urn("Product", "team")]})
    assert read_plan(plan(product, step("create", new=new))).steps[1].new == {"product": "team"}


def test_ids_of_objects_that_only_the_manifest_knows() -> None:
    """Objects that do not change are not in the plan; the stack's outputs name them."""
    manifest = {"meters": {"tokens": {"id": "mtr_1aaaaaaaa", "event_name": "tokens", "formula": "sum"}}}
    new = state("Price", "a", {"recurring": {"meter": "mtr_1aaaaaaaa"}}, needs={"recurring": [METER]})
    found = read_plan(plan(stack_step({"manifest": manifest}), step("create", new=new)))
    assert found.steps[0].new == {"recurring": {"meter": "tokens"}}


def test_a_text_that_is_equal_to_an_id_stays() -> None:
    """A coupon's chosen id and the code that customers type may be the same word; only one of them is a reference."""
    coupon = step("update", state("Coupon", "summer", {"id": "SUMMER"}, id="SUMMER"), state("Coupon", "summer", {}))
    fields = {"code": "SUMMER", "promotion": {"coupon": "SUMMER"}}
    new = state("PromotionCode", "sale", fields, needs={"promotion": [urn("Coupon", "summer")]})
    found = read_plan(plan(coupon, step("create", new=new)))
    assert found.steps[1].new == {"code": "SUMMER", "promotion": {"coupon": "summer"}}
    assert found.steps[0].old == {"id": "SUMMER"}


def test_ids_in_texts_stay() -> None:
    """Who writes an id into metadata means the id; and a promise to customers may be a coupon's word."""
    coupon = step("update", state("Coupon", "summer", {"id": "SUMMER"}, id="SUMMER"), state("Coupon", "summer", {}))
    product = step("update", state("Product", "team", {}, id="prod_1aaaaaaaa"), state("Product", "team", {}))
    fields = {"metadata": {"before": "prod_1aaaaaaaa"}, "features": {"sale": "SUMMER"}}
    found = read_plan(plan(coupon, product, step("create", new=state("Price", "a", fields))))
    assert found.steps[2].new == fields


def test_ids_of_others_stay() -> None:
    """A product that this stack does not have is known by its id."""
    assert created("Price", "a", {"product": "prod_elsewhere"}, {}) == {"product": "prod_elsewhere"}


def test_an_unknown_id_is_the_one_object_it_depends_on() -> None:
    """The plan makes the product as well, so its id is not there yet."""
    assert created("Price", "team.a", {"product": UNKNOWN}, {"product": [TEAM]}) == {"product": "team"}


def test_unknown_ids_in_a_list_are_all_that_are_left() -> None:
    """Which is which means nothing in a set of products."""
    needs = {"applies_to": [urn("Product", "b"), urn("Product", "a"), urn("Product", "c")]}
    old = step("update", state("Product", "c", {}, id="prod_3aaaaaaaa"), state("Product", "c", {}))
    new = state("Coupon", "x", {"applies_to": {"products": [UNKNOWN, "prod_3aaaaaaaa", UNKNOWN]}}, needs=needs)
    assert read_plan(plan(old, step("create", new=new))).steps[1].new == {"applies_to": {"products": ["a", "c", "b"]}}


def test_unknown_prices_stand_beside_their_products() -> None:
    """A portal's products are told apart by how many prices stand beside them."""
    products = [{"product": UNKNOWN, "prices": [UNKNOWN, UNKNOWN]}, {"product": UNKNOWN, "prices": [UNKNOWN]}]
    names = [urn("Product", "solo"), urn("Product", "team"), urn("Price", "solo.a"), urn("Price", "team.a")]
    found = created(
        "PortalConfiguration", "p", {"features": {"products": products}}, {"features": [*names, urn("Price", "team.b")]}
    )
    assert found["features"]["products"] == [
        {"product": "team", "prices": ["team.a", "team.b"]},
        {"product": "solo", "prices": ["solo.a"]},
    ]


def test_new_prices_beside_products_that_are_there() -> None:
    """A known product has its own prices, not those of another."""
    there = step("update", state("Product", "zoo", {}, id="prod_9aaaaaaaa"), state("Product", "zoo", {}))
    products = [{"product": "prod_9aaaaaaaa", "prices": [UNKNOWN]}, {"product": UNKNOWN, "prices": [UNKNOWN]}]
    needs = [urn("Product", "zoo"), urn("Product", "ant"), urn("Price", "ant.a"), urn("Price", "zoo.a")]
    new = state("PortalConfiguration", "p", {"features": {"products": products}}, needs={"features": needs})
    found = read_plan(plan(there, step("create", new=new))).steps[1].new or {}
    assert found["features"]["products"] == [
        {"product": "zoo", "prices": ["zoo.a"]},
        {"product": "ant", "prices": ["ant.a"]},
    ]


def test_what_cannot_be_told_is_not_made_up() -> None:
    """Two unknown products and three that could be meant: no name is better than a wrong one."""
    needs = {"applies_to": [urn("Product", name) for name in ("a", "b", "c")]}
    found = created("Coupon", "x", {"applies_to": {"products": [UNKNOWN, UNKNOWN]}}, needs)
    assert found == {"applies_to": {"products": ["[known after the update]"] * 2}}
