"""What Stripe asks beyond one request: products with prices, meters in use, alerts that start inactive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.extra import Extra, Object
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.marks import KEY
from billing_resources.errors import ReplacementRefused, StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target


class DeletedUnlessPriced(Extra):
    """Stripe deletes a product that never had a price, and archives any other."""

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Delete it if no price ever belonged to it; an archived price counts as well."""
        del olds
        prices = session.known(REGISTRY["Price"]).values()
        if all(price["product"] != object_id for price in prices):
            try:
                session.act(target.kind, "delete", object_id)
            except StripeRefused as error:
                if error.status == 404:
                    return
                if error.status != 400:
                    raise
            else:
                return
        session.retire(target.kind, object_id)


class NeverUnderLivePrices(Extra):
    """A meter that live prices use is never replaced: their usage would be split over two meters."""

    def before_create(self, session: Session, target: Target, args: Mapping[str, Any], replaced: str | None) -> None:
        """Refuse the replacement while prices bill from the old meter."""
        del args
        if replaced is not None:
            _refuse_under_live_prices(session, target, replaced)

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Refuse here as well where the old one is removed before the new one is made (``delete_before_replace``)."""
        del olds
        if session.replaced.get(target.urn) == object_id and target.urn not in session.made:
            _refuse_under_live_prices(session, target, object_id)
        session.retire(target.kind, object_id)


def _refuse_under_live_prices(session: Session, target: Target, meter_id: str) -> None:
    prices = session.known(REGISTRY["Price"]).values()
    live = [one for one in prices if one["active"] and (one["recurring"] or {}).get("meter") == meter_id]
    if live:
        users = sorted((one.get("metadata") or {}).get(KEY) or one["id"] for one in live)
        raise ReplacementRefused(
            f"{target} cannot be replaced while {', '.join(users)} bill from it: declare a new meter with a new "
            "event_name and a new price on it, migrate the customers, then remove the old ones"
        )


class StartsInStatus(Extra):
    """Stripe makes alerts active; one that is declared inactive is deactivated at once."""

    def after_create(
        self, session: Session, target: Target, made: Object, args: Mapping[str, Any], replaced: str | None
    ) -> Object:
        """Bring it to the declared status."""
        del replaced
        if args.get("status", "active") == "active":
            return made
        return session.act(target.kind, target.kind.stripe.status_verbs[args["status"]], made["id"])
