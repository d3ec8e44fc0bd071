"""A product's default price follows its price through replacements. https://docs.stripe.com/api/products/update

Stripe refuses to archive a default price, so the default moves to the successor, or is cleared, first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.extra import Extra, Object
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.price_marks import METER
from billing_resources._engine.replaced_meters import refuse_while_its_meter_is_replaced
from billing_resources.errors import StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target


class FollowsDefaultPrice(Extra):
    """``default=True`` sets the product's default price; nothing else does."""

    def after_create(
        self, session: Session, target: Target, made: Object, args: Mapping[str, Any], replaced: str | None
    ) -> Object:
        """Become the default if declared so, or if the replaced price was it without being declared so."""
        product = _DefaultPrice(session, made["product"])
        if args.get("default"):
            product.become(made["id"])
        elif replaced is not None:
            was_declared = session.before.get(target.urn, {}).get("default")
            product.become(None if was_declared else made["id"], instead_of=replaced)
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
        product = _DefaultPrice(session, str(news["product"]))
        if wants and not was:
            product.become(made["id"])
        if was and not wants:
            product.become(None, instead_of=made["id"])

    def seen(self, session: Session, found: Object) -> dict[str, Any]:
        """The product shows whether the price is its default."""
        return {"default": _DefaultPrice(session, found["product"]).now == found["id"]}

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Move the default to the successor made in this run, or clear it, then archive."""
        refuse_while_its_meter_is_replaced(session, target, olds)
        try:
            _DefaultPrice(session, str(olds["product"])).become(session.made.get(target.urn), instead_of=object_id)
        except StripeRefused as error:
            if not error.is_gone:
                raise
        session.retire(target.kind, object_id)


class _DefaultPrice:
    """One product's default price; prices of a product that change at the same time take turns."""

    def __init__(self, session: Session, product: str) -> None:
        self._session, self._product = session, product

    @property
    def now(self) -> str | None:
        """The default as it is."""
        price: str | None = self._session.known(REGISTRY["Product"]).get(self._product, {}).get("default_price")
        return price

    def become(self, price: str | None, instead_of: str | None = None) -> None:
        """Set or clear the default, only where it still is another one's if one is named."""
        with self._session.locked(f"default price of {self._product}"):
            now = self.now
            if now == price or (instead_of is not None and now != instead_of):
                return
            what = f"set the default price of {self._product}"
            self._session.update(REGISTRY["Product"], what, self._product, {"default_price": price or ""})
