"""Credits cannot be granted or taken back as it was asked."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from billing_runtime.errors.root import BillingError


class CreditConflict(BillingError):
    """The source was used before for another grant."""

    @classmethod
    def of(cls, entity_id: str, name: str, source: str) -> CreditConflict:
        """Name the entity, the name and the source."""
        return cls(
            f"Entity {entity_id!r} was granted other credits of {name!r} before for the source {source!r}: "
            "a new grant needs a new source."
        )


class UnknownGrant(BillingError, LookupError):
    """The entity has no such grant."""

    @classmethod
    def of(cls, entity_id: str, name: str, which: str) -> UnknownGrant:
        """Name the entity, the name and what the grant was called."""
        return cls(
            f"Entity {entity_id!r} has no credits of {name!r} called {which!r}: "
            f"billing.credits.balance({entity_id!r}, {name!r}).grants lists what there is."
        )
