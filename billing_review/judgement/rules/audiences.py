"""Who can be on a plan, and who has one without a subscription."""

from __future__ import annotations

from billing_review.judgement.fields import items
from billing_review.steps import Args, Change

EVERYBODY = ("user", "organization")


def audience(plan: Args) -> tuple[str, ...]:
    """Who can be on a plan: users, organizations, or both where it does not say."""
    found = tuple(one for one in items(plan, "audience") if isinstance(one, str))
    return found or EVERYBODY


def free_plans(change: Change, *, after: bool) -> dict[str, str]:
    """The free plan of each kind of customer, before or after."""
    found = dict[str, str]()
    for plan in change.plans:
        side = plan.new if after else plan.old
        if side is not None and side.get("free") is True:
            found = {**dict.fromkeys(audience(side), plan.key), **found}
    return found
