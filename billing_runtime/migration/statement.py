"""What customers are billed by a migration, in words that promise no more than is known.

https://docs.stripe.com/billing/subscriptions/prorations
"""

from __future__ import annotations

from billing_runtime.migration.plan import Plan

_NONE = (
    "Nothing is billed or credited by the move itself: whoever has paid for the running period keeps it, and the new "
    "price counts from the next period of each subscription."
)
_LATER = (
    "Stripe credits the rest of the running period at the old price and bills it at the new one; both come with the "
    "next invoice."
)
_NOW = (
    "Stripe credits the rest of the running period at the old price and bills it at the new one, on an invoice that is "
    "made and collected at once. A subscription whose payment fails stays on the old price and is listed as failed."
)
_RESTART = (
    "The new interval begins a new period at the move, and Stripe bills that period at once. A subscription whose "
    "payment fails stays on the old price and is listed as failed."
)
_LOST = "With --proration none the unused rest of the old period is not credited."
_CREDITED = "The unused rest of the old period is credited."
_METERED = (
    "Usage is billed when a period ends, so what was used in the running period may be billed at the new price: try it "
    "with one customer, or move where that does not matter."
)
_TRIAL = "Trials go on as they were, and nothing is billed before they end."
_ESTIMATE = (
    "The amounts are an estimate as of now, without tax, discounts and balances: Stripe counts by the second at which "
    "each subscription moves, and its invoices are what holds."
)


def statement(plan: Plan) -> list[str]:
    """The sentences, in order."""
    found = [_RESTART, _LOST if plan.policy.proration == "none" else _CREDITED]
    if not plan.restarts_period:
        found = [{"none": _NONE, "create_prorations": _LATER, "always_invoice": _NOW}[plan.policy.proration]]
    if plan.source.metered:
        found = [_METERED] if not plan.restarts_period else [*found, _METERED]
    if plan.trialing:
        found.append(_TRIAL)
    if any(plan.estimate().values()):
        found.append(_ESTIMATE)
    return found
