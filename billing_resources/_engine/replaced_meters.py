"""A meter that live prices use is never replaced: their usage would be split over two meters.

https://docs.stripe.com/billing/subscriptions/usage-based/meters/configure
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.extra import Extra
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.marks import KEY
from billing_resources.errors import ReplacementRefused

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target


class NeverUnderLivePrices(Extra):
    """Refuses whichever half of the replacement comes first."""

    def before_create(self, session: Session, target: Target, args: Mapping[str, Any], replaced: str | None) -> None:
        """Refuse the new meter while prices bill from the old one, or while that one holds the event name."""
        old = session.known(target.kind).get(replaced or "")
        if old is None:
            return
        _refuse_under_live_prices(session, target, old["id"])
        if target.kind.is_alive(old) and old["event_name"] == args.get("event_name"):
            raise ReplacementRefused.same_event_name(str(target), old["id"])

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Refuse here as well where the old one is removed before the new one is made (``delete_before_replace``)."""
        del olds
        if object_id in _to_be_replaced(session):
            _refuse_under_live_prices(session, target, object_id)
        session.retire(target.kind, object_id)


def refuse_while_its_meter_is_replaced(session: Session, target: Target, price: Mapping[str, Any]) -> None:
    """With ``delete_before_replace`` the engine removes a meter's prices first, and would make new ones on the new."""
    if (price.get("recurring") or {}).get("meter") in _to_be_replaced(session):
        raise ReplacementRefused.live_prices("its meter", [target.key])


def _to_be_replaced(session: Session) -> set[str]:
    """The ids that Diff wants to replace and that have no successor yet."""
    return {object_id for urn, object_id in session.replaced.items() if urn not in session.made}


def _refuse_under_live_prices(session: Session, target: Target, meter_id: str) -> None:
    prices = session.known(REGISTRY["Price"]).values()
    live = [one for one in prices if one["active"] and (one["recurring"] or {}).get("meter") == meter_id]
    if live:
        users = sorted((one.get("metadata") or {}).get(KEY) or one["id"] for one in live)
        raise ReplacementRefused.live_prices(str(target), users)
