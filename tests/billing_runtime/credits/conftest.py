"""Credits on top of a free plan: what is counted needs neither Stripe nor the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.billing_runtime.consuming import conftest as counted

if TYPE_CHECKING:
    from billing_runtime import Billing, CreditGrant

Time = counted.Time
backend, billing, clock, limited, leased = (
    counted.backend, counted.billing, counted.clock, counted.limited, counted.leased,
)  # fmt: skip


def left(billing: Billing, name: str = "credits", entity_id: str = "org_1") -> dict[str, int]:
    """What is left of each grant, by its source."""
    return {grant.source: int(grant.left) for grant in billing.credits.balance(entity_id, name).grants}


def kinds(billing: Billing, grant: CreditGrant) -> list[tuple[str, int]]:
    """What became of a grant, oldest first."""
    entries = billing.credits.entries(grant.entity_id, grant_id=grant.id)
    return [(entry.kind, int(entry.units)) for entry in reversed(entries)]
