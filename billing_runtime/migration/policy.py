"""What a migration may do, and how fast: chosen once, written into its journal."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Proration = Literal["none", "create_prorations", "always_invoice"]
Choice = Literal["skip", "move"]
PRORATIONS: tuple[Proration, ...] = ("none", "create_prorations", "always_invoice")
CHOICES: tuple[Choice, ...] = ("skip", "move")


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is moved and how it is billed.

    `proration` is none unless told otherwise: whoever has paid for a period keeps what was paid for, and the new price
    counts from the next period. `past_due` is also about `unpaid`. With `reactivate` an undo may make an archived price
    active while it works.
    """

    proration: Proration = "none"
    allow_interval_change: bool = False
    raise_to_minimum: bool = False
    reactivate: bool = False
    past_due: Choice = "skip"
    cancel_at_period_end: Choice = "skip"
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it; customers are Stripe's ids."""
        return asdict(self) | {"only": list(self.only), "exclude": list(self.exclude)}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Policy:
        """As it was kept."""
        known: dict[str, Any] = {one.name: data[one.name] for one in fields(cls)}
        known |= {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Pacing:
    """How a run goes about it: `batch` subscriptions, then a `pause` in seconds; `at_once` of them side by side."""

    batch: int = 100
    pause: float = 0.0
    at_once: int = 4
    keep_going: bool = False
