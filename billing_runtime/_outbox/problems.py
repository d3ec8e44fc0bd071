"""What Stripe will not be told as it should: usage that was given up, and invoices that are not right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class UsageProblem:
    """Usage of an entity and a billing period that Stripe does not have as it was, in units of the meter.

    dead: `units` were used that Stripe does not take; `billing.usage.retry(identifier)` tries again. correction: the
    period's invoice bills `-units` too much, or `units` too little; see `billing.usage.corrections()`.
    """

    kind: Literal["dead", "correction"]
    identifier: str
    entity_id: str
    meter: str
    period_start: datetime
    period_end: datetime | None
    units: int
    reason: str

    def __str__(self) -> str:
        """One sentence: what, where, what to do next."""
        of = f"entity {self.entity_id!r} on meter {self.meter!r} in the period from {self.period_start:%Y-%m-%d %H:%M}"
        if self.kind == "dead":
            again = f"`billing usage retry {self.identifier}` tries again"
            return f"{self.units} units of {of} were given up ({self.reason}): {again}."
        said = f"{-self.units} units too much" if self.units < 0 else f"{self.units} units too little"
        return f"Of {of} {said} are billed, for {self.reason}: put it right, then settle {self.identifier}."
