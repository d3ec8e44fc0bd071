"""Usage cannot be counted, or given back, as it was asked."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors.root import BillingError

if TYPE_CHECKING:
    from billing_runtime.consuming.decision import Decision


class LimitReached(BillingError):
    """What was to be used is not allowed; `decision` says why."""

    def __init__(self, entity_id: str, name: str, decision: Decision) -> None:
        self.entity_id, self.name, self.decision = entity_id, name, decision
        super().__init__(f"Entity {entity_id!r} may not use so much of {name!r}: {decision.reason}.")


class ConsumeConflict(BillingError):
    """The idempotency key was used before for something else."""

    @classmethod
    def of(cls, entity_id: str, key: str) -> ConsumeConflict:
        """Name the entity and the key."""
        return cls(
            f"The idempotency key {key!r} was used before for another call for entity {entity_id!r}: "
            "a new call needs a new key."
        )


class UnknownReceipt(BillingError, LookupError):
    """No decision has this receipt."""

    @classmethod
    def of(cls, receipt: str) -> UnknownReceipt:
        """Name the receipt."""
        return cls(f"No decision has the receipt {receipt!r}: use the `receipt` of a Decision that was allowed.")


class ReservationEnded(BillingError):
    """The reservation was committed with other amounts, or released; or it is none."""

    @classmethod
    def of(cls, receipt: str, state: str) -> ReservationEnded:
        """Name the receipt and what became of it."""
        what = {
            "done": "is no reservation: give units back with billing.refund",
            "committed": "was committed before, with other amounts: give units back with billing.refund",
            "expired": "is a reservation that has expired: commit it if the work was done all the same",
            "released": "was released before: nothing is held any more, so reserve again",
            "held": "is still open: commit or release it first",
        }
        return cls(f"The receipt {receipt!r} {what[state]}.")


class RefundTooLarge(BillingError):
    """More is to be given back than the decision took, or still has."""

    @classmethod
    def of(cls, receipt: str, name: str, *, wanted: str, left: str) -> RefundTooLarge:
        """Name the receipt, the name and both amounts."""
        return cls(
            f"{wanted} of {name!r} cannot be given back to {receipt!r}: of what it took, {left} are left. "
            "Nothing was given back."
        )
