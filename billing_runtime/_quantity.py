"""How many of a price: seats within their bounds, one of a flat price, no number for a metered one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime.errors import InvalidInput, SeatsOutOfRange

if TYPE_CHECKING:
    from billing_runtime.catalog import Price, Seats


def quantity_for(price: Price, wanted: int | None, members: int | None = None) -> int | None:
    """The quantity to subscribe with, or the error that says why not; seats are the members unless said otherwise."""
    if price.type == "one_time":
        raise _refused(price, "is paid once: it cannot be subscribed to")
    if price.type == "per_seat":
        return _seats(price, wanted, members)
    usual = None if price.type == "metered" else 1
    if wanted is not None and _inputs.whole("quantity", wanted) != usual:
        raise _refused(price, f"is a {price.type} price: leave quantity out")
    return usual


def payments_for(price: Price, wanted: int | None) -> int:
    """How many of a price that is paid once, or the error that says why not."""
    if price.type != "one_time":
        raise _refused(price, "is paid again and again: it cannot be sold with mode='payment'")
    number = 1 if wanted is None else _inputs.whole("quantity", wanted)
    if number < 1:
        raise _refused(price, "is sold at least once: quantity must be 1 or more")
    return number


def seats_for(key: str, seats: Seats, members: int) -> int:
    """The quantity for so many members: never below the minimum, and refused above the maximum."""
    if seats.maximum is not None and members > seats.maximum:
        raise SeatsOutOfRange.above(key, wanted=members, maximum=seats.maximum)
    return max(members, seats.minimum)


def members(count: int) -> int:
    """A count of members, which may be none."""
    number = _inputs.whole("count", count)
    if number < 0:
        message = "count must not be negative."
        raise InvalidInput(message)
    return number


def _seats(price: Price, wanted: int | None, counted: int | None) -> int:
    if price.seats is None:
        raise _refused(price, "says nothing about its seats")
    if wanted is None and counted is not None:
        return seats_for(price.key, price.seats, members(counted))
    number = price.seats.minimum if wanted is None else _inputs.whole("quantity", wanted)
    if number < price.seats.minimum:
        raise _refused(price, f"needs at least {price.seats.minimum} seats")
    return seats_for(price.key, price.seats, number)


def _refused(price: Price, why: str) -> InvalidInput:
    return InvalidInput(f"Price {price.key!r} {why}.")
