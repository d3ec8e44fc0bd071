"""Something cannot be sold, changed or allowed as it was asked for."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors.root import SHOWN, BillingError

if TYPE_CHECKING:
    from collections.abc import Sequence


class AmbiguousPrice(BillingError):
    """A plan has several prices that were meant equally well; `candidates` are their names."""

    def __init__(self, plan: str, candidates: Sequence[str]) -> None:
        self.plan, self.candidates = plan, tuple(candidates)
        listed = ", ".join(self.candidates[:SHOWN])
        super().__init__(
            f"Plan {plan!r} has several prices that fit ({listed}): name one with price=, or narrow it down with "
            "interval= or currency=."
        )


class WrongAudience(BillingError):
    """The plan is not for this kind of entity."""

    @classmethod
    def of(cls, plan: str, kind: str, audience: Sequence[str]) -> WrongAudience:
        """Name the plan, the kind, and whom it is for."""
        return cls(f"Plan {plan!r} is not for a {kind}, only for: {', '.join(audience)}.")


class WrongCurrency(BillingError):
    """The price is not sold in this currency."""

    @classmethod
    def of(cls, what: str, currency: str, known: Sequence[str]) -> WrongCurrency:
        """Name the plan or price, the currency, and those there are."""
        return cls(f"{what} is not sold in {currency!r}, only in: {', '.join(known)}.")


class AlreadySubscribed(BillingError):
    """The entity has a subscription in this group of plans."""

    def __init__(self, entity_id: str, subscription_id: str, group: str) -> None:
        self.entity_id, self.subscription_id, self.group = entity_id, subscription_id, group
        super().__init__(
            f"Entity {entity_id!r} has the subscription {subscription_id} in the plan group {group!r} already: change "
            "it with billing.change_plan, or cancel it first."
        )


class StillSubscribed(BillingError):
    """The entity's subscriptions run, so its data cannot be removed; `subscription_ids` names them."""

    def __init__(self, entity_id: str, subscription_ids: Sequence[str]) -> None:
        self.entity_id, self.subscription_ids = entity_id, tuple(subscription_ids)
        super().__init__(
            f"Entity {entity_id!r} is still subscribed ({', '.join(self.subscription_ids)}): cancel first, or say that "
            "its subscriptions may end with its data."
        )


class NoSubscription(BillingError):
    """The entity has no subscription that could be changed so."""

    @classmethod
    def of(cls, entity_id: str, wanted: str) -> NoSubscription:
        """Name the entity and what was looked for."""
        return cls(f"Entity {entity_id!r} has no subscription {wanted}.")

    @classmethod
    def several(cls, entity_id: str, ids: Sequence[str]) -> NoSubscription:
        """It is not clear which one is meant."""
        return cls(
            f"Entity {entity_id!r} has several subscriptions ({', '.join(ids)}): name one with subscription_id=."
        )


class NotAllowed(BillingError):
    """The actor may not do this to the entity's billing."""

    def __init__(self, actor: str, entity_id: str, verb: str, why: str) -> None:
        self.actor, self.entity_id, self.verb = actor, entity_id, verb
        super().__init__(f"{actor!r} may not {verb} the billing of {entity_id!r}: {why}.")


class ReturnInvalid(BillingError):
    """A return link was forged, altered, or has expired; `reason` is "signature" or "expired"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        why = "has expired" if reason == "expired" else "was not made by this application, or was altered"
        super().__init__(f"The return link {why}: let the customer go back to the application by itself.")
