"""How much one member of an entity may use of what all of them may: a limit within the entity's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.limits.counting import Allowance, key_of
from billing_runtime.limits.windows import schedule_of

if TYPE_CHECKING:
    from billing_runtime.catalog import Limit

#: What stands as the terms of every member's limit: the entity's plan may change, the limit stays.
TERMS, REFUSAL = "member", "member limit reached"


def member_allowance(entitys: Allowance, limit: Limit) -> Allowance:
    """A member's limit, counted from the anchor from which the entity's windows are counted."""
    period = entitys.period
    schedule = period if limit.per == "period" else schedule_of(limit.per, anchor=period.anchor)
    return Allowance(limit, TERMS, schedule, period, key_of(limit, TERMS, schedule), REFUSAL)
