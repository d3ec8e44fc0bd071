"""Products and plans, in golden texts."""

from __future__ import annotations

from dataclasses import replace

from billing_review.steps import Plan
from tests.billing_review.telling.builders import (
    SEAT,
    VOLUME,
    entry,
    golden,
    gone,
    new,
    replaced,
    report,
    same,
    text,
    told,
    updated,
)

PRODUCT = same(
    "Product",
    "team",
    name="Team",
    unit_label="seat",
    images=["https://example.com/a.png"],
    marketing_features=[{"name": "Single sign-on"}, {"name": "Chat"}],
    statement_descriptor="ACME",
)
PLAN = {
    "audience": ["organization"],
    "rank": 2,
    "badge": "Popular",
    "free": False,
    "limits": {"members": {"included": 50, "per": "lifetime"}},
    "features": {"sso": "included"},
    "name": "Team",
    "prices": ["team.monthly"],
}


def test_a_name() -> None:
    """Customers see it."""
    assert told(updated(PRODUCT, name="Teams")) == golden(
        """
        Teams: renamed from “Team” to “Teams”.
        - Customers see the new name on their next invoice and in the checkout.
        | Name: Team → Teams
        """
    )


def test_what_customers_read() -> None:
    """Description, advertised lines, pictures, unit, card statement."""
    later = updated(
        PRODUCT,
        description="For teams, large and small.",
        images=["https://example.com/b.png", "https://example.com/c.png"],
        marketing_features=[{"name": "Single sign-on"}, {"name": "Audit log, 90 days"}],
        unit_label="member",
        statement_descriptor=None,
    )
    assert told(later) == golden(
        """
        Team: description added, also advertised with “Audit log, 90 days”, no longer advertised with “Chat”, \
pictures changed, invoices call a unit “member” instead of “seat”, \
card statements show the account's usual name instead of “ACME”.
        | Description: ∅ → For teams, large and small.
        | Advertised with: Single sign-on • Chat → Single sign-on • Audit log, 90 days
        | Pictures: https://example.com/a.png → https://example.com/b.png • https://example.com/c.png
        | A unit is called: seat → member
        | Card statements show: ACME → ∅
        """
    )


def test_the_order_of_advertised_lines() -> None:
    """The same lines in another order are no new lines."""
    other = [{"name": "Chat"}, {"name": "Single sign-on"}]
    assert (
        told(updated(PRODUCT, marketing_features=other)).splitlines()[0]
        == "Team: order of the advertised lines changed."
    )


def test_a_tax_code() -> None:
    """Somebody who knows about taxes should look."""
    assert told(updated(PRODUCT, tax_code="txcd_10103001", url="https://example.com/team")) == golden(
        """
        Team: tax code set to txcd_10103001, page set to https://example.com/team.
        - The tax code decides how much tax Stripe computes: whoever answers for taxes should agree.
        | Tax code: ∅ → txcd_10103001
        | Page: ∅ → https://example.com/team
        """
    )


def test_another_id() -> None:
    """A product with another id is another product."""
    assert told(replaced(same("Product", "team", name="Team", id="team"), id="team-2")) == golden(
        """
        Team: id team → team-2, a new product takes the place of the old one.
        - The prices of the old product are made anew for the new one.
        | Id: team → team-2
        """
    )


def test_a_product_goes() -> None:
    """Its prices go with it; customers keep what they have."""
    found = report(
        gone("Product", "team", name="Team"),
        gone("Price", SEAT.key, **SEAT.args),
        gone("Price", VOLUME.key, **VOLUME.args),
    )
    assert text(next(one for one in found.entries if one.kind == "Product")) == golden(
        """
        Team: no longer sold.
        - Customers keep what they have: Stripe archives a product that ever had a price, and deletes others.
        - Its 2 prices go with it.
        | Name: Team → ∅
        """
    )


def test_a_new_plan() -> None:
    """Who it is for, and what it includes."""
    plan = Plan(
        "pro", None, {**PLAN, "audience": ["user", "organization"], "limits": {"calls": {"included": 5, "per": "day"}}}
    )
    assert told(new("Product", "pro", name="Pro"), plans=[plan]) == golden(
        """
        Pro: new plan, for organizations and users.
        | Name: ∅ → Pro
        | For: ∅ → organizations and users
        | Limit on calls: ∅ → 5 a day (then refused)
        | Feature sso: ∅ → included
        | Badge: ∅ → Popular
        | Rank: ∅ → 2
        """
    )


def test_a_new_free_plan() -> None:
    """Free is part of the headline."""
    found = entry(new("Product", "free", name="Free"), plans=[Plan("free", None, {"free": True, "audience": ["user"]})])
    assert found.headline == "Free: new plan, for users, free."


def test_a_plan_changes_while_its_product_stays() -> None:
    """A plan has facts that Stripe does not have: it gets an entry of its own."""
    later = {
        **PLAN,
        "audience": ["organization", "user"],
        "rank": 3,
        "badge": "New",
        "limits": {"members": {"included": 40, "per": "lifetime"}, "calls": {"included": "unlimited"}},
        "features": {},
    }
    (found,) = report(plans=[Plan("team", PLAN, later)]).entries
    assert (found.kind, found.key, found.operation) == ("Plan", "team", "update")
    assert text(found) == golden(
        """
        Team: for organizations and users instead of organizations, limit on members 50 → 40 in all, \
limit on calls added: unlimited, without feature sso, badge “Popular” → “New”, rank 2 → 3.
        | For: organizations → organizations and users
        | Limit on members: 50 in all (then refused) → 40 in all (then refused)
        | Limit on calls: ∅ → unlimited
        | Feature sso: included → ∅
        | Badge: Popular → New
        | Rank: 2 → 3
        """
    )


def test_what_everybody_has_without_a_subscription() -> None:
    """A free plan has no price that customers are on: its limits change for everybody."""
    free = {"free": True, "limits": {"projects": {"included": 3, "per": "lifetime"}}}
    later = {"free": True, "limits": {"projects": {"included": 2, "per": "lifetime"}}}
    (found,) = report(same("Product", "free", name="Free"), plans=[Plan("free", free, later)]).entries
    assert text(found) == golden(
        """
        Free: limit on projects 3 → 2 in all.
        - Everybody without a subscription gets the new limits and features as soon as the application knows of them.
        | Limit on projects: 3 in all (then refused) → 2 in all (then refused)
        """
    )


def test_a_plan_changes_with_its_product() -> None:
    """Then one entry tells both."""
    found = report(updated(PRODUCT, name="Teams"), plans=[Plan("team", PLAN, {**PLAN, "free": True})])
    assert [text(one) for one in found.entries] == [
        golden(
            """
            Teams: renamed from “Team” to “Teams”, free from now on.
            - Customers see the new name on their next invoice and in the checkout.
            | Name: Team → Teams
            | Free: no → yes
            """
        )
    ]


def test_a_plan_that_stays() -> None:
    """What does not change has no entry, also where defaults are written out on one side only."""
    whole = {**PLAN, "limits": {"members": {"included": 50, "per": "lifetime", "overage": "block", "meter": None}}}
    assert report(plans=[Plan("team", whole, PLAN)]).entries == ()


def test_a_plan_is_no_longer_offered() -> None:
    """A plan may go and leave its product."""
    (found,) = report(plans=[Plan("team", PLAN, None)]).entries
    assert found.headline == "Team: this plan is no longer offered."
    assert found.operation == "delete"


def test_a_long_description() -> None:
    """A long text is shown around the place where it changes."""
    old = "a" * 400 + "old" + "b" * 400
    step = replace(PRODUCT, old={**PRODUCT.args, "description": old})
    (fact,) = entry(updated(step, description=old.replace("old", "new"))).facts
    assert fact.old is not None
    assert fact.new is not None
    assert (len(fact.old), len(fact.new)) == (302, 302)
    assert "aold" in fact.old
    assert "anew" in fact.new
