"""Whether a subscription moves: pure functions over Stripe's object. https://docs.stripe.com/api/subscriptions/object"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from billing_runtime.migration.facts import PriceFacts
from billing_runtime.migration.policy import Policy
from billing_runtime.migration.steps import Line, Move, Skip

Json = dict[str, Any]
_OVER = {"canceled": "canceled", "incomplete_expired": "canceled", "incomplete": "incomplete", "paused": "paused"}
_UNPAID = {"past_due", "unpaid"}
_WHOEVER = Policy(past_due="move", cancel_at_period_end="move")
Judge = Callable[[Json], Move | Skip]


@dataclass(frozen=True, slots=True)
class Forward:
    """The rule of a migration: whoever is on the old price goes to the new one, with the quantity that it has now."""

    source: PriceFacts
    target: PriceFacts
    policy: Policy

    def judge(self, body: Json) -> Move | Skip:
        """What happens to this subscription, all of its items listed."""
        found = _Found.of(body, self.source.id, self.target.id)
        reason = found.obstacle(self.policy)
        if reason is None and found.currency not in self.target.amounts:
            reason = "other_currency"
        if reason is not None or found.old is None:
            return found.skip(reason or "gone")
        return self._with_quantity(found, found.old)

    def _with_quantity(self, found: _Found, item: Json) -> Move | Skip:
        quantity: int | None = item.get("quantity")
        if quantity is None or self.target.metered:
            return found.move(item, Line(self.target.id, None))
        if self.target.type == "flat" and quantity > 1:
            return found.skip("flat_price", f"{quantity} of it")
        least = self.target.seats.minimum if self.target.seats else 0
        most = self.target.seats.maximum if self.target.seats else None
        if most is not None and quantity > most:
            return found.skip("above_maximum", f"{quantity} of at most {most}")
        if quantity < least and not self.policy.raise_to_minimum:
            return found.skip("below_minimum", f"{quantity} of at least {least}")
        return found.move(item, Line(self.target.id, max(quantity, least)))


@dataclass(frozen=True, slots=True)
class Back:
    """The rule of an undo: an item that is still as the migration left it goes back to what it was."""

    source: PriceFacts
    target: PriceFacts
    was: Line
    left: Line

    def judge(self, body: Json) -> Move | Skip:
        """What happens to this subscription."""
        found = _Found.of(body, self.source.id, self.target.id)
        reason = found.obstacle(_WHOEVER)
        if reason is not None or found.old is None:
            return found.skip("changed_since" if reason in {"gone", "target_on_subscription"} else reason or "gone")
        if found.old.get("quantity") != self.left.quantity:
            return found.skip("changed_since", f"{found.old.get('quantity')} instead of {self.left.quantity}")
        return found.move(found.old, self.was)


@dataclass(frozen=True, slots=True)
class _Found:
    """A subscription, its item on the price to leave and its item on the price to go to."""

    body: Json
    old: Json | None
    new: Json | None

    @classmethod
    def of(cls, body: Json, source: str, target: str) -> _Found:
        """Find items by their price, never by position."""
        items = {item["price"]["id"]: item for item in body["items"]["data"]}
        return cls(body, items.get(source), items.get(target))

    @property
    def currency(self) -> str:
        return str(self.body["currency"])

    @property
    def customer(self) -> str:
        found = self.body["customer"]
        return str(found if isinstance(found, str) else found["id"])

    def obstacle(self, policy: Policy) -> str | None:
        """The first reason against it, if there is one."""
        status = self.body["status"]
        if self.old is None:
            return "already_moved" if self.new else "gone"
        if status in _OVER:
            return _OVER[status]
        if self.new is not None:
            return "target_on_subscription"
        if (policy.only and self.customer not in policy.only) or self.customer in policy.exclude:
            return "excluded"
        return self._by_policy(policy, status)

    def _by_policy(self, policy: Policy, status: str) -> str | None:
        for managed in ("schedule", "pending_update"):
            if self.body.get(managed):
                return managed
        ends = self.body.get("cancel_at_period_end") or self.body.get("cancel_at")
        if ends and policy.cancel_at_period_end == "skip":
            return "cancel_at_period_end"
        return "past_due" if status in _UNPAID and policy.past_due == "skip" else None

    def skip(self, reason: str, detail: str = "") -> Skip:
        moved = self.new if self.old is None else None
        left = Line(moved["price"]["id"], moved.get("quantity")) if moved else None
        return Skip(str(self.body["id"]), self.customer, reason, detail, left)

    def move(self, item: Json, after: Line) -> Move:
        return Move(
            subscription=str(self.body["id"]),
            customer=self.customer,
            item=item["id"],
            currency=self.currency,
            before=Line(item["price"]["id"], item.get("quantity")),
            after=after,
            status=self.body["status"],
            period_start=item.get("current_period_start") or 0,
            period_end=item.get("current_period_end") or 0,
        )
