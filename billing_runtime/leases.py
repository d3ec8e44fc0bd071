"""`Billing.open(leases="redis://…", lease=LeaseSettings(...))` and `billing.leases`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime._leases.settling import LEASE
from billing_runtime.clock import to_unix
from billing_runtime.consuming.taken import taken_of
from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime._leases.leasing import Leasing
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.limits.counting import Amount

_LEAST = 20  # fewer are not worth two visits to the store
_UNLIMITED = 10_000


@dataclass(frozen=True, slots=True)
class LeaseSettings:
    """How much is lent out at once, and for how long.

    A lease has `units`, or the `share` of what the window includes (a hundredth; 10,000 units where there is no limit),
    and never more than half of what is left. It is used up in `slices`, each by one process. What was used is told to
    the store when a slice is used up, and after `seconds` at the latest: so late may a decision know of a change of
    plan, and Stripe of the use. Raises InvalidInput.
    """

    units: int | None = None
    share: Decimal = Decimal("0.01")
    seconds: int = 10
    slices: int = 10

    def __post_init__(self) -> None:
        for name, most in (("units", 10**12), ("seconds", 3600), ("slices", 1000)):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not 1 <= value <= most):
                message = f"lease: {name} must be a whole number from 1 to {most}."
                raise InvalidInput(message)
        if not isinstance(self.share, Decimal) or not 0 < self.share <= 1:
            message = "lease: share must be a Decimal above 0 and at most 1."
            raise InvalidInput(message)

    def size(self, granted: int | None, room: Amount | None) -> int | None:
        """How many units to lend where a window includes so many and has so much room; None: too few to lend."""
        wanted = self.units or (_UNLIMITED if granted is None else int(granted * self.share))
        units = wanted if room is None else min(wanted, int(room) // 2)
        return units if units >= _LEAST else None


class Leases:
    """`billing.leases`: units that are lent out in advance, where `Billing.open(leases=…)` says so."""

    def __init__(self, context: Context, allowances: Allowances, leasing: Leasing | None) -> None:
        self._context, self._allowances, self._leasing = context, allowances, leasing

    def bound(self, entity_id: str, name: str) -> Amount:
        """How many units are lent out now and not settled: what the loss of every process can lose at most.

        Lost means given back: nobody has told that they were used, so nobody pays for them.
        """
        plain = self._allowances.settings.plain(_inputs.name(name))
        now = to_unix("clock()", self._context.clock())
        with self._context.store.reading(self._context.scope) as reading:
            rows = reading.all("open_reservations", entity_id=_inputs.entity(entity_id), request=LEASE, now=now)
        parts = [part for row in rows for part in taken_of(row["parts"]) if part.part.name == plain]
        return sum(part.units for part in parts)

    def settle(self) -> None:
        """Tell the store now what this process has used, and give back what it does not need. Raises StoreError."""
        if self._leasing is not None:
            self._leasing.settle()
