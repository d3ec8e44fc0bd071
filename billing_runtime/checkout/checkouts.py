"""Checkout pages: at most one open page for what excludes itself (https://docs.stripe.com/payments/checkout)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from billing_runtime._creation import Making
from billing_runtime._groups import taking_place
from billing_runtime._successors import with_successors
from billing_runtime.checkout.request import REQUEST, Page
from billing_runtime.checkout.session import CheckoutSession, read_session
from billing_runtime.clock import to_unix
from billing_runtime.customers import ENTITY
from billing_runtime.errors import AlreadySubscribed, StripeRefused, StripeUnavailable

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionListParams

    from billing_runtime._context import Context
    from billing_runtime._creation import Made
    from billing_runtime._offer import Offer
    from billing_runtime._store.entities import Claim
    from billing_runtime.checkout.trials import Trials

Json = dict[str, Any]

# A page that ends sooner is not worth being shown again.
_WORTH_SHOWING = timedelta(minutes=5)

# Processes that want different pages of one subject end each other's; the last one stays.
_TURNS = 5
_CROWDED = "Other checkout pages keep being opened for this entity in place of this one: call again."


@dataclass(frozen=True, slots=True)
class Checkouts:
    """Opens and closes checkout pages."""

    context: Context
    trials: Trials

    def open(self, page: Page) -> CheckoutSession:
        """The open page for this, made if there is none; one that offers something else is closed first."""
        offer = page.offer
        if offer is not None and offer.group is not None:
            page = self._with_room(page, offer, offer.group)
        return read_session(self._opened(page), page.trial_days)

    def close(self, entity_id: str, subject: str) -> None:
        """Close the open page of a subject, if there is one: what it sells was sold in another way."""
        session = self.context.creations.held(entity_id, subject)
        if session is not None:
            self._expire(session)

    def _with_room(self, page: Page, offer: Offer, group: str) -> Page:
        """The page, if the group has room for it; with a trial only if the entity had none."""
        found = [one.body for one in self.context.cache.refresh(page.customer_id)]
        taken = taking_place(self.context.manifest, found, group)
        if taken:
            raise AlreadySubscribed(page.entity_id, taken[0]["id"], group)
        used = self.trials.used(page.entity_id, group, found)
        return replace(page, trial_days=None if used else offer.trial_days)

    def _opened(self, page: Page) -> Json:
        making = Making(page.subject, self._post, lambda claim: self._find_lost(page, claim))
        for _ in range(_TURNS):
            made = self._made(page, making)
            body = self._current(made)
            if body is not None and self._is_wanted(body, page, fresh=made.fresh):
                return body
            if body is not None and body["status"] == "open":
                self._expire(body["id"])
            self.context.creations.forget(page.entity_id, making, made.claim)
        raise StripeUnavailable(_CROWDED)

    def _made(self, page: Page, making: Making) -> Made:
        prices = [line.price for line in page.offer.lines] if page.offer else []
        creations = self.context.creations
        return with_successors(
            self.context.api,
            prices,
            "line_items",
            page.request,
            lambda request: creations.make(page.entity_id, making, request),
        )

    def _current(self, made: Made) -> Json | None:
        """The session as it is; None if Stripe does not have it."""
        if made.fresh and made.body is not None:
            return made.body
        try:
            return self.read(made.id)
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None
            raise

    def read(self, session_id: str) -> Json:
        """The session as Stripe has it now."""
        return self.context.api.read(
            "read a checkout session", lambda client: client.v1.checkout.sessions.retrieve(session_id)
        )

    def _is_wanted(self, body: Json, page: Page, *, fresh: bool) -> bool:
        if body["status"] != "open" or body["metadata"].get(REQUEST) != page.digest:
            return False
        # A new one is good whatever this machine's clock says: Stripe's own decides when it ends.
        return fresh or body["expires_at"] > to_unix("clock()", self.context.clock() + _WORTH_SHOWING)

    def _expire(self, session_id: str) -> None:
        with suppress(StripeRefused):  # completed in the meantime, or expired by itself
            self.context.api.write(
                "close a checkout page",
                f"billing-{uuid4().hex}",
                lambda client, options: client.v1.checkout.sessions.expire(session_id, {}, options),
            )

    def _post(self, request: Json, key: str) -> Json:
        return self.context.api.write(
            "open a checkout page",
            key,
            lambda client, options: client.v1.checkout.sessions.create(cast("SessionCreateParams", request), options),
        )

    def _find_lost(self, page: Page, claim: Claim) -> Json | None:
        """The open session a lost answer was about."""
        filters: SessionListParams = {"customer": page.customer_id, "status": "open"}
        sessions = self.context.api.pages(
            "look for a checkout page", filters, lambda client, one: client.v1.checkout.sessions.list(one)
        )
        since = to_unix("claimed_at", claim.claimed_at) - 600
        return next((one for one in sessions if _is_of(one, page) and one["created"] >= since), None)


def _is_of(session: Json, page: Page) -> bool:
    marks = session.get("metadata") or {}
    return marks.get(ENTITY) == page.entity_id and session["mode"] == page.mode and REQUEST in marks
