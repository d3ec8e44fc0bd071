"""The plan of an undo: what a journal says was moved goes back, unless it was changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors import MigrationRefused
from billing_runtime.migration.selection import Back
from billing_runtime.migration.steps import Move, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from billing_runtime.migration.calls import Calls
    from billing_runtime.migration.facts import PriceFacts
    from billing_runtime.migration.policy import Policy
    from billing_runtime.migration.record import Record


def back(source: PriceFacts, target: PriceFacts, move: Move) -> Back:
    """The rule for one subscription of an undo: before is how it was left, after is what it was."""
    return Back(source, target, was=move.after, left=move.before)


def judged(
    record: Record, calls: Calls, source: PriceFacts, target: PriceFacts, seen: Callable[[], None]
) -> Iterable[Move | Skip]:
    """Everything that the migration moved, as it is now."""
    for name, moved in record.moved.items():
        planned = record.planned[name]
        rule = Back(source, target, was=moved.before, left=moved.after)
        yield rule.judge(calls.subscription(planned.subscription))
        seen()


def require_way_back(target: PriceFacts, policy: Policy) -> None:
    """Refuse an undo to an archived price unless it may be active while the undo works."""
    if not target.active and not policy.reactivate:
        problem = (
            f"The old price {target.named} is archived, and Stripe puts nobody on an archived price: pass "
            "--reactivate to make it active while the undo works; it is archived again at the end."
        )
        raise MigrationRefused([problem])
