"""Seats: the quantity of per-seat items follows the members, or bounds them."""

from billing_runtime.seats.policy import SeatPolicy
from billing_runtime.seats.provider import SeatItem, SeatProvider
from billing_runtime.seats.seats import SeatsOfEntities
from billing_runtime.seats.views import SeatChange, SeatEvent, SeatHolder, SeatStatus, SeatSweep, SeatSync

__all__ = [
    "SeatChange",
    "SeatEvent",
    "SeatHolder",
    "SeatItem",
    "SeatPolicy",
    "SeatProvider",
    "SeatStatus",
    "SeatSweep",
    "SeatSync",
    "SeatsOfEntities",
]
