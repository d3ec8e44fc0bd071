"""Plan: a component around a product and its prices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import billing_resources as billing
from billing_resources.errors import InvalidDeclaration
from billing_resources.price import PriceTerms
from tests.billing_resources.program import Registered, run

STRIPE = "pulumi-python:dynamic/stripe"


MONTHLY: PriceTerms = {"currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}}
YEARLY: PriceTerms = {"currency": "usd", "unit_amount": 12000, "recurring": {"interval": "year"}}


def team() -> None:
    """A plan with two prices."""
    billing.Plan(
        "team",
        name="Team",
        audience=["organization"],
        rank=2,
        group="teams",
        limits={"members": {"included": 5}},
        features={"sso": "1"},
        prices={"monthly": MONTHLY, "yearly": {**YEARLY, "features": {"sso": "2"}}},
    )


def refused(program: Callable[[], object]) -> tuple[str, Registered]:
    """What the program's refusal says, and what it registered."""
    said: list[str] = []

    def watched() -> None:
        with pytest.raises(InvalidDeclaration) as caught:
            program()
        said.append(str(caught.value))

    return said[0] if (ran := run(watched)) and said else "", ran


def test_it_declares_its_product_and_prices() -> None:
    """The component, the product of its name, and a price of each name under it."""
    assert run(team).names == {
        ("billing:index:Plan", "team"),
        (f"{STRIPE}:Product", "team"),
        (f"{STRIPE}:Price", "team.monthly"),
        (f"{STRIPE}:Price", "team.yearly"),
    }


def test_only_the_products_fields_go_to_the_product() -> None:
    """Audience, rank, limits and features are the plan's."""
    inputs = {(one.typ, one.name): one.inputs for one in run(team).resources}
    assert {name for name in inputs[f"{STRIPE}:Product", "team"] if not name.startswith("_")} == {"name"}


def test_its_limits_and_features_are_given_to_its_prices() -> None:
    """A price may say otherwise."""
    inputs = {one.name: one.inputs for one in run(team).resources}
    assert inputs["team.yearly"]["limits"] == {"members": {"included": 5}}
    assert (inputs["team.monthly"]["features"], inputs["team.yearly"]["features"]) == ({"sso": "1"}, {"sso": "2"})


def test_a_limit_that_makes_no_sense_is_told_once() -> None:
    """Of the plan that writes it, not of each price that has it too, and beside every other problem."""
    limits: Any = {"x": {"included": "unlimited", "thresholds": [80]}}
    own = {"limits": {"y": {"included": 5, "thresholds": [80, 80]}}, "trial_days": 0}
    prices: Any = {"monthly": MONTHLY, "yearly": {**YEARLY, **own}}

    def program() -> None:
        billing.Plan("a", name="A", limits=limits, prices=prices)

    said, ran = refused(program)
    assert said.splitlines()[1:] == [
        "  prices.yearly.trial_days: must be greater than or equal to 1",
        "  limits.x.thresholds: need an amount above 0: they are percents of it",
        "  prices.yearly.limits.y.thresholds: are percents in ascending order, each once",
    ]
    assert ran.names == set()


def test_its_children_can_be_used() -> None:
    """Ids of the product and of prices by their names in the plan are outputs like others."""
    seen: list[str] = []

    def program() -> None:
        plan = billing.Plan("a", name="A", prices={"once": {"currency": "usd", "unit_amount": 1}})
        plan.product.id.apply(seen.append)
        plan.prices["once"].id.apply(seen.append)

    run(program)
    assert sorted(seen) == ["id_a", "id_a.once"]


def test_every_problem_of_a_call_is_told_at_the_users_line() -> None:
    """Of the plan, of its product and of its prices; nothing is registered."""

    def program() -> None:
        billing.Plan("team", **wrong)

    wrong: Any = {
        "audience": ["users"],
        "statement_descriptor": "x" * 23,
        "prices": {"a": {"currency": "usd", "unit_amount": 12.0}, "b": {"currency": "usd", "trial_days": 1}},
    }
    said, ran = refused(program)
    heading, *problems = said.splitlines()
    assert f"{__file__}:{program.__code__.co_firstlineno + 1}: Plan 'team'" == heading
    assert [problem.strip().partition(":")[0] for problem in problems] == [
        "name",
        "statement_descriptor",
        "audience[0]",
        "prices.a.unit_amount",
        "prices.b",
        "prices.b.trial_days",
    ]
    assert ran.names == set()


@pytest.mark.parametrize("name", ["te.am", "team~2", "", "1st", "a b"])
def test_names_that_would_be_other_keys_are_refused(name: str) -> None:
    """A dot joins a price to its plan, a tilde a copy to its endpoint."""
    said, ran = refused(lambda: billing.Plan(name, name="Team"))
    assert "is not a name: write letters, digits, - and _" in said
    assert ran.names == set()


def test_the_same_plan_twice_is_refused() -> None:
    """Names are unique in a program."""

    def program() -> None:
        billing.Plan("a", name="A")
        billing.Plan("a", name="A")

    assert "Plan 'a'\n  is declared twice in this program: names are unique" in refused(program)[0]
