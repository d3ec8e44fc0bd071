"""What Stripe's portal asks beyond one request. https://docs.stripe.com/customer-management/configure-portal"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.extra import Extra
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.marks import UNOWNED, parsed
from billing_resources._engine.portal_rules import prices_with_quantities
from billing_resources._engine.price_marks import SEATS
from billing_resources.errors import InvalidDeclaration, StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target

PURCHASED = "lets customers change a quantity that is not for sale: its price needs seats with mode purchased"


class OverPurchasedSeats(Extra):
    """Quantities change in the portal only where they are bought; and the default configuration stays active."""

    def before_create(self, session: Session, target: Target, args: Mapping[str, Any], replaced: str | None) -> None:
        """Refuse quantities of seats that follow the members, and of prices without seats."""
        del replaced
        self.before_update(session, target, args)

    def before_update(self, session: Session, target: Target, news: Mapping[str, Any]) -> None:
        """The same for a configuration that is there."""
        asked = list(prices_with_quantities(news))
        prices = session.known(REGISTRY["Price"]) if asked else {}
        found = [place for place, price in asked if _seat_mode(prices.get(str(price), {})) != "purchased"]
        if found:
            raise InvalidDeclaration(str(target), [f"{place} {PURCHASED}" for place in found])

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Deactivate it; the default one only gives up its owner."""
        del olds
        kind = target.kind
        if not session.known(kind).get(object_id, {}).get("is_default"):
            session.retire(kind, object_id)
            return
        try:
            session.update(kind, f"give up {kind.stripe.noun} {object_id}", object_id, {"metadata": dict(UNOWNED)})
        except StripeRefused as error:
            if not error.is_gone:
                raise


def _seat_mode(price: Mapping[str, Any]) -> str:
    return parsed((price.get("metadata") or {}).get(SEATS, ""))[0]
