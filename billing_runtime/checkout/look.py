"""How a page looks and where it leads: the call's own words, else the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.checkout.links import Links
from billing_runtime.checkout.promotions import promotion_code_id
from billing_runtime.checkout.request import Page
from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime._offer import Offer, Wanted


@dataclass(frozen=True, slots=True)
class Look:
    """What a call says about a page beside what is sold there."""

    success_url: str | None
    cancel_url: str | None
    promotion_code: str | None
    allow_promotion_codes: bool | None
    locale: str | None
    metadata: Mapping[str, str]

    def page(self, context: Context, entity_id: str, wanted: Wanted, offer: Offer | None) -> Page:
        """The page, for a customer that is yet to be named."""
        links, codes = Links(context), self.allow_promotion_codes
        target = links.required("success_url", self.success_url)
        return Page(
            entity_id=entity_id,
            customer_id="",
            owner=context.manifest.owner,
            mode=wanted.mode,
            success_url=target,
            link=links.back(entity_id, target, session=True),
            cancel_url=links.chosen("cancel_url", self.cancel_url),
            offer=offer,
            trial_days=offer.trial_days if offer else None,
            currency=_currency(context, wanted),
            promotion_code=promotion_code_id(context, self.promotion_code),
            allow_promotion_codes=context.checkout.allow_promotion_codes if codes is None else codes,
            locale=self.locale,
            metadata=tuple(sorted(self.metadata.items())),
        )


def _currency(context: Context, wanted: Wanted) -> str | None:
    """The currency in which a card is saved: the one asked for, else the one most prices are in."""
    if wanted.mode != "setup":
        return None
    if wanted.price is not None or wanted.plan is not None:
        message = "mode='setup' saves a card and sells nothing: leave price and plan out."
        raise InvalidInput(message)
    known = [price.currency for price in context.manifest.prices.values()]
    return wanted.currency or max(sorted(set(known)), key=known.count, default="usd")
