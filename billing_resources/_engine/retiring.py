"""What Stripe asks beyond one request: products with prices, alerts that start inactive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.ceilings import ceiling
from billing_resources._engine.extra import Extra, Object
from billing_resources._engine.kind import REGISTRY
from billing_resources.errors import StripeRefused

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


class StartsInStatus(Extra):
    """Stripe makes alerts active; one that is declared inactive is deactivated at once."""

    def after_create(
        self, session: Session, target: Target, made: Object, args: Mapping[str, Any], replaced: str | None
    ) -> Object:
        """Bring it to the declared status."""
        del replaced
        if args.get("status", target.kind.first_status) == target.kind.first_status:
            return made
        return session.act(target.kind, target.kind.stripe.status_verbs[args["status"]], made["id"])


class LeavesRoom(StartsInStatus):
    """Where a meter has all the alerts that Stripe keeps on it, the old alert goes before the new one comes."""

    def before_create(self, session: Session, target: Target, args: Mapping[str, Any], replaced: str | None) -> None:
        """Archive the alert that is replaced; the engine's Delete finds it gone."""
        mine = ceiling(target.kind.name, args)
        if replaced is None or mine is None:
            return
        there = [
            one for one in session.known(target.kind).values() if one.get("status") in target.kind.stripe.status_verbs
        ]
        others = (ceiling(target.kind.name, one) for one in there)
        taken = sum(other is not None and other.of == mine.of for other in others)
        if taken + len(session.replaced) > mine.most:  # others of this run may be between their two halves
            session.retire(target.kind, replaced)
