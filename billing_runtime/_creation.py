"""Making an object at Stripe once, whatever crashes, repeats or races.

The request and its idempotency key are on disk before the POST. A repeated call, in this process or another one, sends
the same request under the same key, and Stripe answers with the object it already made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime._store.entities import Claim
from billing_runtime.errors import StripeCallError, StripeRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._store.entities import Claims
    from billing_runtime.clock import Clock

Json = dict[str, Any]

# Stripe keeps idempotency keys for at least 24 hours; an hour is left for clocks that differ.
_KEY_LIFE = timedelta(hours=23)

# Answers about the API key, given before Stripe looks for the idempotency key: an earlier attempt may have succeeded.
_KEY_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Making:
    """How one kind of object is made, and how one is found that was made without our hearing of it."""

    subject: str
    post: Callable[[Json, str], Json]
    find_lost: Callable[[Claim], Json | None]


@dataclass(frozen=True, slots=True)
class Made:
    """The object that is there now: its id, its claim, and its body if this call was the one that got it.

    Unless it is `fresh`, the body may be as old as the claim, for Stripe answers a key again as it did the first time.
    """

    id: str
    claim: Claim
    body: Json | None
    fresh: bool


class Creations:
    """Objects of one account, each made at most once per claim."""

    def __init__(self, claims: Claims, clock: Clock) -> None:
        self._claims, self._clock = claims, clock

    def make(self, entity_id: str, making: Making, request: Json) -> Made:
        """The object, made now or before."""
        claim, mine = self._claimed(entity_id, making, request)
        try:
            return self._made(entity_id, making, claim, mine=mine)
        except StripeCallError as failure:
            if not _ends_claim(failure) or (mine and not _is_used_up(failure)):
                raise
        # That answer was another time's or another request's, and its claim is given up by now.
        claim, mine = self._claimed(entity_id, making, request)
        return self._made(entity_id, making, claim, mine=mine)

    def _claimed(self, entity_id: str, making: Making, request: Json) -> tuple[Claim, bool]:
        """The claim that holds, and whether it is this call's."""
        wanted = Claim(f"billing-{uuid4().hex}", json.dumps(request, sort_keys=True), self._clock())
        claim = self._claims.claim(entity_id, making.subject, wanted)
        return claim, claim.idempotency_key == wanted.idempotency_key

    def _made(self, entity_id: str, making: Making, claim: Claim, *, mine: bool) -> Made:
        if claim.object_id is not None:
            return Made(claim.object_id, claim, None, fresh=False)
        found = self._found_after_expiry(claim, making)
        body = found or self._posted(entity_id, claim, making)
        self._claims.settle(entity_id, making.subject, claim, body["id"])
        return Made(body["id"], claim, body, fresh=mine or found is not None)

    def held(self, entity_id: str, subject: str) -> str | None:
        """The id of what was made last, if it is known."""
        return self._claims.held(entity_id, subject)

    def forget(self, entity_id: str, making: Making, claim: Claim) -> None:
        """The claimed object is gone at Stripe: the next call makes another."""
        self._claims.drop(entity_id, making.subject, claim)

    def _found_after_expiry(self, claim: Claim, making: Making) -> Json | None:
        """After a day Stripe has forgotten the key and would make a second object."""
        expired = self._clock() - claim.claimed_at > _KEY_LIFE
        return making.find_lost(claim) if expired else None

    def _posted(self, entity_id: str, claim: Claim, making: Making) -> Json:
        try:
            return making.post(json.loads(claim.request), claim.idempotency_key)
        except StripeCallError as failure:
            found = making.find_lost(claim) if _is_used_up(failure) else None
            if found is not None:
                return found
            if _ends_claim(failure):
                self.forget(entity_id, making, claim)
            raise


def _is_used_up(failure: StripeCallError) -> bool:
    """Whether the idempotency key has an answer for good, so that only Stripe's lists know what was made."""
    return failure.replayed or (isinstance(failure, StripeRefused) and failure.kind == "idempotency_error")


def _ends_claim(failure: StripeCallError) -> bool:
    """Whether the claim is of no more use: nothing was made under its key, and nothing will be."""
    refused = isinstance(failure, StripeRefused) and failure.status not in _KEY_REFUSED
    return refused or _is_used_up(failure)
