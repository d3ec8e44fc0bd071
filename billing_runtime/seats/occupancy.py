"""Who may have a seat: members and invitations never outnumber the seats, decided in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors import NoFreeSeat, NoInvitation, SeatsInUse, SeatsOutOfRange
from billing_runtime.seats.views import SeatStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billing_runtime.seats.policy import SeatPolicy
    from billing_runtime.seats.provider import SeatItem
    from billing_runtime.seats.rows import Change, Target
    from billing_runtime.seats.views import SeatHolder

INVITED, MEMBER = "invited", "member"


def capacity(items: Sequence[SeatItem], target: Target | None, policy: SeatPolicy) -> int | None:
    """How many seats may be filled; None for any number.

    Bought seats count as Stripe had them last; a smaller number that is on its way counts at once, a greater one not
    before it is there. Seats that follow the members end at the price's maximum.
    """
    if not items:
        return policy.unsubscribed
    bought = [item.quantity for item in items if item.mode == "purchased"]
    if bought:
        wanted = target.bought if target is not None else None
        return sum(bought) if wanted is None else min(sum(bought), wanted)
    bounds = [item.seats.maximum for item in items if item.seats.maximum is not None]
    return min(bounds, default=None)


def status(entity_id: str, seats: int | None, holders: Iterable[SeatHolder], target: Target | None) -> SeatStatus:
    """Seats and who holds them."""
    states: list[str] = [holder.state for holder in holders]
    pending = target is not None and not target.done
    failure = target.failure if target is not None else None
    return SeatStatus(entity_id, seats, states.count(MEMBER), states.count(INVITED), pending, failure)


def replace_members(change: Change, wanted: frozenset[str], seats: int | None, name: str) -> bool:
    """Make these the members, all others leave; whether anything changed. An invitation of a member is used up."""
    holders = change.holders()
    there = {holder.id for holder in holders if holder.state == MEMBER}
    invited = {holder.id for holder in holders if holder.state == INVITED}
    if seats is not None and len(wanted) > max(seats, len(there & wanted)):
        raise SeatsOutOfRange.above(name, wanted=len(wanted), maximum=seats)
    for holder_id in sorted(there - wanted):
        change.leave(holder_id, MEMBER)
        change.note("left", holder_id)
    for holder_id in sorted(wanted - there):
        change.take(holder_id, MEMBER)
        change.note("joined", holder_id)
    for holder_id in sorted(wanted & invited):
        change.leave(holder_id, INVITED)
    return there != wanted


def join(change: Change, holder_id: str, seats: int | None) -> bool:
    """Make somebody a member; his own invitation, if there is one, is used up. Whether he is new."""
    holders = change.holders()
    states = {holder.state for holder in holders if holder.id == holder_id}
    if MEMBER in states:
        return False
    if INVITED in states:
        change.leave(holder_id, INVITED)
    else:
        _require_free(change, holders, seats)
    change.take(holder_id, MEMBER)
    change.note("accepted" if INVITED in states else "joined", holder_id)
    return True


def leave(change: Change, holder_id: str) -> bool:
    """Take a member's seat back; whether he had one."""
    left = change.leave(holder_id, MEMBER)
    if left:
        change.note("left", holder_id)
    return left


def invite(change: Change, invitation: str, seats: int | None, expires_at: int | None) -> bool:
    """Keep a seat for an invitation; whether it is a new one. One that is repeated is prolonged."""
    holders = change.holders()
    states = {holder.state for holder in holders if holder.id == invitation}
    if MEMBER in states:
        return False
    if INVITED in states:
        change.prolong(invitation, expires_at)
        return False
    _require_free(change, holders, seats)
    change.take(invitation, INVITED, expires_at)
    change.note("invited", invitation)
    return True


def accept(change: Change, invitation: str, holder_id: str) -> bool:
    """Turn an invitation into a member on the seat it kept; whether he is new."""
    holders = change.holders()
    if not any(holder.id == invitation and holder.state == INVITED for holder in holders):
        if any(holder.id == holder_id and holder.state == MEMBER for holder in holders):
            return False  # accepted before: the answer was lost
        raise NoInvitation.of(change.entity_id, invitation)
    change.leave(invitation, INVITED)
    new = change.take(holder_id, MEMBER)
    change.note("accepted", holder_id)
    return new


def revoke(change: Change, invitation: str) -> bool:
    """Give the seat of an invitation free; whether there was one."""
    revoked = change.leave(invitation, INVITED)
    if revoked:
        change.note("revoked", invitation)
    return revoked


def require_in_use(change: Change, wanted: int) -> None:
    """Refuse fewer seats than are held or kept free, and say by whom."""
    holders = [holder.id for holder in change.holders()]
    if wanted < len(holders):
        raise SeatsInUse(change.entity_id, wanted=wanted, holders=holders)


def _require_free(change: Change, holders: Sequence[SeatHolder], seats: int | None) -> None:
    if seats is not None and len(holders) >= seats:
        members = sum(holder.state == MEMBER for holder in holders)
        invited = len(holders) - members
        raise NoFreeSeat(change.entity_id, capacity=seats, members=members, invited=invited)
