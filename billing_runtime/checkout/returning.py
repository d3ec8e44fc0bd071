"""The way back from Stripe's pages: what was done there is fetched before the customer sees the application again.

A return and a webhook tell the same; whichever comes first, and however often, the end is the same.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from billing_runtime.checkout.apps import AsgiApp, WsgiApp
from billing_runtime.checkout.links import SESSION, TOKEN, Links, with_session
from billing_runtime.errors import BillingError, ReturnInvalid

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime.checkout.purchases import Purchases
    from billing_runtime.duplicates import Duplicates

_log = logging.getLogger("billing_runtime")
_SESSION_ID = re.compile(r"cs_(?:test|live)_[A-Za-z0-9]{1,200}")
_LONGEST = 16384


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser is told: where to go, or else why not."""

    location: str | None
    reason: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return 303 if self.location else 400


@dataclass(frozen=True, slots=True)
class Returns:
    """`billing.returns`: the handler behind CheckoutSettings.return_url, for any framework."""

    context: Context
    purchases: Purchases
    duplicates: Duplicates

    @property
    def wsgi(self) -> WsgiApp:
        """A WSGI app to be mounted at `return_url`."""
        return WsgiApp(self.handle)

    @property
    def asgi(self) -> AsgiApp:
        """An ASGI app to be mounted at `return_url`."""
        return AsgiApp(self.handle)

    def handle(self, query: str) -> Answer:
        """Bring up to date what a return link is about, then say where it leads; `query` is the URL's query string.

        A link that was forged or has expired leads to `failed_url?reason=signature|expired`, or nowhere. If Stripe is
        out of reach the customer goes on all the same: the webhook follows.
        """
        given = parse_qs(query[:_LONGEST])
        try:
            found = Links(self.context).read(given.get(TOKEN, [""])[0])
        except ReturnInvalid as invalid:
            return self._refused(invalid.reason)
        session = next(filter(_SESSION_ID.fullmatch, given.get(SESSION, [])), None)
        try:
            self.sync(found.entity_id, session)
        except BillingError as error:
            _log.warning("A customer came back and is not up to date yet: %s", error)
        return Answer(with_session(found.target, session))

    def sync(self, entity_id: str, session_id: str | None = None) -> None:
        """Fetch the entity's subscriptions, and the page it comes from; deal with a second subscription."""
        if session_id is not None:
            self.purchases.refresh(session_id)
        customer = self.context.entities.customer_id(entity_id)
        if customer is not None:
            self.context.cache.refresh(customer)
            self.duplicates.resolve(entity_id)

    def _refused(self, reason: str) -> Answer:
        failed = self.context.checkout.failed_url
        if failed is None:
            return Answer(None, reason)
        return Answer(f"{failed}{'&' if '?' in failed else '?'}{urlencode({'reason': reason})}", reason)
