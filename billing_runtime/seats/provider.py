"""What a payment provider must be able to do for seats: three calls, so that another one can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from billing_runtime.catalog import Seats
    from billing_runtime.seats.policy import Step


@dataclass(frozen=True, slots=True)
class SeatItem:
    """One per-seat item of a running subscription, with the terms of its own price."""

    id: str
    subscription_id: str
    price: str | None
    """The price's name in the manifest, if it is known."""
    price_id: str
    quantity: int
    seats: Seats
    interval: str
    period_start: int
    trialing: bool = False
    schedule: str | None = None

    @property
    def mode(self) -> Literal["follow", "purchased"]:
        """Whether the quantity follows the members, or is bought."""
        return "purchased" if self.seats.mode == "purchased" else "follow"

    @property
    def name(self) -> str:
        """What the price is called: its name, or its id."""
        return self.price or self.price_id


class SeatProvider(Protocol):
    """The seats that an entity pays for."""

    def items(self, entity_id: str) -> tuple[SeatItem, ...]:
        """Every per-seat item, as the provider has it now."""
        ...

    def known(self, entity_id: str) -> tuple[SeatItem, ...]:
        """Every per-seat item, as it was when the provider was last asked; no network."""
        ...

    def set_quantity(self, item: SeatItem, step: Step, *, key: str) -> None:
        """Set an item's quantity. The same key twice is one change."""
        ...

    def refresh(self, entity_id: str) -> None:
        """Ask anew, so that `known` tells what was changed."""
        ...

    @property
    def calls(self) -> int:
        """How many requests this thread has sent so far."""
        ...
