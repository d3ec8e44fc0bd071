"""What one stack would change in the next: steps, in the form in which every change is reviewed."""

from __future__ import annotations

from typing import Any

from billing_review.parity.allowances import Allowance
from billing_review.parity.parity import compare
from billing_review.steps import Change
from tests.billing_review.parity.shops import GONE, IMMUTABLE, TODAY, compared, environment, shop


def promoted(**changes: Any) -> Change:
    """What staging would change in production, which has these changes."""
    [pair] = compared(changes).pairs
    return pair.promotion


def steps(change: Change) -> list[tuple[str, str, str]]:
    """The steps that do anything."""
    return [(step.operation, step.kind, step.key) for step in change.steps if step.operation != "same"]


def test_an_amount_makes_a_new_price() -> None:
    """Old is what production has, new what staging has; the id is production's."""
    change = promoted(**{"prices__team.monthly__unit_amount_decimal": "1400"})
    [step] = [one for one in change.steps if one.operation != "same"]
    assert (step.operation, step.object_id, step.plan) == ("replace", "price_1", "team")
    assert step.old is not None
    assert step.new is not None
    assert (step.old["unit_amount"], step.new["unit_amount"]) == (1400, 1200)
    assert (step.changed, step.replacing) == (("unit_amount",), ("unit_amount",))


def test_what_stripe_can_change_is_updated() -> None:
    """A trial is no reason for a new price."""
    change = promoted(**{"prices__team.monthly__trial_days": 7})
    assert steps(change) == [("update", "Price", "team.monthly")]


def test_what_one_side_lacks() -> None:
    """Production would get what it lacks and lose what staging has not."""
    change = promoted(**{"prices__team.volume": GONE, "alerts__more": shop()["alerts"]["many"]})
    assert steps(change) == [("create", "Price", "team.volume"), ("delete", "Alert", "more")]


def test_plans_before_and_after() -> None:
    """What is no Stripe object is in the change as well."""
    [plan] = promoted(plans__team__badge="New").plans
    assert plan.old is not None
    assert plan.new is not None
    assert (plan.old.get("badge"), plan.new.get("badge")) == ("New", None)


def test_a_product_has_the_name_of_its_plan() -> None:
    """A manifest does not tell it twice, and a review wants it."""
    product = promoted().find("Product", "team")
    assert product is not None
    assert (product.operation, product.args["name"]) == ("same", "Team")


def test_its_source_is_the_target() -> None:
    """The stack that would be changed, and both names."""
    source = promoted().source
    assert (source.stack, source.account, source.base, source.head) == (
        "production",
        "acct_production",
        "production",
        "staging",
    )


def test_an_allowed_difference_stays_as_it_is() -> None:
    """The field that is meant to differ keeps production's value; the rest of the object is promoted."""
    allowed = (Allowance("staging", "prices.team.monthly.trial_days", "A trial run"),)
    changes = {"prices__team.monthly__trial_days": 7, "prices__team.monthly__unit_amount_decimal": "1400"}
    [pair] = compared(changes, allowed=allowed).pairs
    [step] = [one for one in pair.promotion.steps if one.operation != "same"]
    assert step.new is not None
    assert (step.new["unit_amount"], step.new["trial_days"]) == (1200, 7)
    assert step.changed == ("unit_amount",)


def test_an_address_that_is_declared_stays_as_it_is() -> None:
    """No step comes of it."""
    production = shop("production", webhook_endpoints__app__url="https://app.example.com/stripe")
    own = frozenset({("WebhookEndpoint", "app")})
    [pair] = compare([environment(shop()), environment(production, own=own)], TODAY, immutable=IMMUTABLE).pairs
    assert steps(pair.promotion) == []
