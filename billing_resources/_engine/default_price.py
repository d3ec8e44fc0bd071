"""A product's default price follows its price through replacements. https://docs.stripe.com/api/products/update

Stripe refuses to archive a default price, so the default moves to the successor, or is cleared, first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.extra import Extra, Object
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.price_marks import METER
from billing_resources.errors import StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target


class FollowsDefaultPrice(Extra):
    """``default=True`` sets the product's default price; nothing else does."""

    def after_create(
        self, session: Session, target: Target, made: Object, args: Mapping[str, Any], replaced: str | None
    ) -> Object:
        """Become the default if declared so, or if the replaced price was it."""
        del target
        product = made["product"]
        inherits = replaced is not None and session.default_price(REGISTRY["Product"], product) == replaced
        if args.get("default") or inherits:
            session.set_default_price(REGISTRY["Product"], product, made["id"])
        return made

    def more_marks(self, session: Session, args: Mapping[str, Any]) -> dict[str, str]:
        """The event name of the meter it bills from: ids differ between environments, event names do not."""
        meter = (args.get("recurring") or {}).get("meter")
        found = session.known(REGISTRY["Meter"]).get(meter) if meter else None
        return {METER: found["event_name"]} if found else {}

    def after_update(
        self, session: Session, target: Target, made: Object, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> None:
        """Take or give up the default when the declaration does."""
        del target
        was, wants = bool(olds.get("default")), bool(news.get("default"))
        product, price = str(news["product"]), str(made["id"])
        if wants and not was:
            session.set_default_price(REGISTRY["Product"], product, price)
        if was and not wants and session.default_price(REGISTRY["Product"], product) == price:
            session.set_default_price(REGISTRY["Product"], product, None)

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Move the default to the successor made in this run, or clear it, then archive."""
        product = str(olds["product"])
        if session.default_price(REGISTRY["Product"], product) == object_id:
            successor = session.made.get(target.urn)
            try:
                session.set_default_price(REGISTRY["Product"], product, successor)
            except StripeRefused as error:
                if error.status != 404:
                    raise
        session.retire(target.kind, object_id)
