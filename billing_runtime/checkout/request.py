"""What is asked of Stripe for one checkout page. Pure (https://docs.stripe.com/api/checkout/sessions/create)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime._groups import MARK as GROUP_MARK
from billing_runtime.customers import ENTITY, STACK

if TYPE_CHECKING:
    from billing_runtime._offer import Offer

Json = dict[str, Any]
PRICES, REQUEST = "billing:prices", "billing:request"
_VALUE, _REFERENCE = 500, 200  # characters in a value of Stripe's metadata, and in a reference


@dataclass(frozen=True, slots=True)
class Page:
    """One page: for whom, in which mode, what of, and where it leads: to `success_url`, by way of `link`."""

    entity_id: str
    customer_id: str
    owner: str
    mode: str
    success_url: str
    link: str
    cancel_url: str | None
    offer: Offer | None = None
    trial_days: int | None = None
    currency: str | None = None
    promotion_code: str | None = None
    allow_promotion_codes: bool = False
    locale: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """There is at most one open page of a subject: one in a group of plans, or one for the very same prices."""
        return f"checkout:{self.mode}:{self.offer.place if self.offer else ''}"

    @property
    def request(self) -> Json:
        """The parameters."""
        marks = self._marks()
        plain = {
            "mode": self.mode,
            "customer": self.customer_id,
            "client_reference_id": self.entity_id if len(self.entity_id) <= _REFERENCE else None,
            "success_url": self.link,
            "cancel_url": self.cancel_url,
            "locale": self.locale,
            "metadata": {**dict(self.metadata), **marks, REQUEST: self.digest},
        }
        sold = self._sold({**dict(self.metadata), **marks})
        return {name: value for name, value in (plain | sold).items() if value is not None}

    @property
    def digest(self) -> str:
        """The same for a page that offers the same: whoever asks twice is shown one page.

        The link is not looked at, since every return link is another one.
        """
        leads = [self.success_url, self.cancel_url]
        told = [self.mode, self.customer_id, leads, self._sold({}), sorted(self.metadata), self.locale]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:40]

    def _marks(self) -> Json:
        marks: Json = {ENTITY: self.entity_id, STACK: self.owner}
        if self.offer is None:
            return marks
        group = {GROUP_MARK: self.offer.group} if self.offer.group else {}
        return marks | group | {PRICES: self.offer.keys[:_VALUE]}

    def _sold(self, marks: Json) -> Json:
        if self.offer is None:
            return {"currency": self.currency, "setup_intent_data": {"metadata": marks}}
        lines = {"line_items": [line.sent() for line in self.offer.lines], "currency": self.offer.currency}
        if self.mode == "payment":
            return lines | self._discount() | {"payment_intent_data": {"metadata": marks}}
        trial = {"trial_period_days": self.trial_days} if self.trial_days else {}
        return lines | self._discount() | {"subscription_data": {"metadata": marks} | trial}

    def _discount(self) -> Json:
        if self.promotion_code is not None:
            return {"discounts": [{"promotion_code": self.promotion_code}]}
        return {"allow_promotion_codes": True} if self.allow_promotion_codes else {}
