"""A call cannot be carried out as it was made."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors.root import SHOWN, BillingError

if TYPE_CHECKING:
    from collections.abc import Sequence


class InvalidInput(BillingError, ValueError):
    """An argument of a call is refused before anything is sent."""


class UnknownName(BillingError, LookupError):
    """No such plan, price, product or meter in the manifest; `near` lists similar names."""

    def __init__(self, kind: str, name: str, *, near: Sequence[str], known: Sequence[str]) -> None:
        self.kind, self.name, self.near, self.known = kind, name, tuple(near), tuple(known)
        super().__init__(f"No {kind} {name!r} in the manifest{self._hint()}")

    def _hint(self) -> str:
        if self.near:
            return f": did you mean {' or '.join(map(repr, self.near))}?"
        if self.known:
            return f": there are {', '.join(self.known[:SHOWN])}."
        return ", which has none."


class MarksInvalid(BillingError):
    """The metadata marks on a Stripe price are not understood."""

    @classmethod
    def of(cls, price_id: str, mark: str, why: str, *, ours: bool = True) -> MarksInvalid:
        """Name the price and the mark; what another tool has made is put right where it was made."""
        then = "run `billing refresh` and `billing up`" if ours else "correct the price's metadata at Stripe"
        return cls(f"The mark {mark!r} on Stripe price {price_id} {why}: {then}.")


class NoCustomer(BillingError):
    """The entity has no Stripe customer yet."""

    @classmethod
    def of(cls, entity_id: str) -> NoCustomer:
        """Name the entity and the call that helps."""
        return cls(
            f"Entity {entity_id!r} has no Stripe customer: call billing.customers.ensure({entity_id!r}, …) first."
        )


class NoSeats(BillingError):
    """The entity has no subscription with a per-seat price."""

    @classmethod
    def of(cls, entity_id: str, price: str | None = None) -> NoSeats:
        """Name the entity and, if one was asked for, the price."""
        wanted = f"the price {price!r}" if price else "a per-seat price that follows members"
        return cls(f"Entity {entity_id!r} has no running subscription on {wanted}: subscribe it first.")

    @classmethod
    def bought(cls, entity_id: str, price: str | None = None) -> NoSeats:
        """The same for seats that are bought."""
        wanted = f"the price {price!r}" if price else "a per-seat price whose seats are purchased"
        return cls(f"Entity {entity_id!r} has no running subscription on {wanted}: subscribe it first.")


class SeatsOutOfRange(BillingError):
    """The count is above the price's maximum."""

    @classmethod
    def above(cls, price: str, *, wanted: int, maximum: int) -> SeatsOutOfRange:
        """Name the price, the wanted count and the maximum."""
        return cls(f"Price {price!r} allows at most {maximum} seats, {wanted} are wanted: nothing was changed.")


class NoFreeSeat(BillingError):
    """Every seat is held by a member or kept for an invitation."""

    def __init__(self, entity_id: str, *, capacity: int, members: int, invited: int) -> None:
        self.entity_id, self.capacity, self.members, self.invited = entity_id, capacity, members, invited
        super().__init__(
            f"Entity {entity_id!r} has no free seat: of {capacity}, {members} are held by members and {invited} are "
            "kept for invitations. Buy a seat, remove a member or revoke an invitation."
        )


class SeatsInUse(BillingError):
    """Fewer seats are wanted than are in use; `holders` lists who has one."""

    def __init__(self, entity_id: str, *, wanted: int, holders: Sequence[str]) -> None:
        self.entity_id, self.wanted, self.holders = entity_id, wanted, tuple(holders)
        shown = ", ".join(self.holders[:SHOWN]) + (", …" if len(self.holders) > SHOWN else "")
        super().__init__(
            f"Entity {entity_id!r} cannot go down to {wanted} seats: {len(self.holders)} are in use, by {shown}. "
            f"Remove {len(self.holders) - wanted} of them first."
        )


class NoInvitation(BillingError, LookupError):
    """No such invitation, or it was accepted, revoked or has expired."""

    @classmethod
    def of(cls, entity_id: str, invitation: str) -> NoInvitation:
        """Name the entity and the invitation."""
        return cls(f"Entity {entity_id!r} has no open invitation {invitation!r}: invite again.")


class UsageConflict(BillingError):
    """The identifier was used before for another amount, customer, meter or time."""

    @classmethod
    def of(cls, identifier: str) -> UsageConflict:
        """Name the identifier."""
        return cls(
            f"Usage {identifier!r} was recorded before with another amount, customer, meter or timestamp: "
            "a new use needs a new identifier."
        )


class StoreError(BillingError):
    """The local store cannot be read or written."""
