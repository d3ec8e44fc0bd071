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

from billing_runtime._store import Claim
from billing_runtime.errors import StripeRefused, StripeUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._store import Scope, Store
    from billing_runtime.clock import Clock

Json = dict[str, Any]

# Stripe keeps idempotency keys for at least 24 hours; an hour is left for clocks that differ.
_KEY_LIFE = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Making:
    """How one kind of object is made, and how one is found that was made without our hearing of it."""

    subject: str
    post: Callable[[Json, str], Json]
    find_lost: Callable[[Claim], Json | None]


@dataclass(frozen=True, slots=True)
class Made:
    """The object that is there now: its id, its claim, and its body if this call was the one that got it."""

    id: str
    claim: Claim
    body: Json | None


class Creations:
    """Objects of one account, each made at most once per claim."""

    def __init__(self, store: Store, scope: Scope, clock: Clock) -> None:
        self._store, self._scope, self._clock = store, scope, clock

    def make(self, entity_id: str, making: Making, request: Json) -> Made:
        """The object, made now or before."""
        try:
            return self._make(entity_id, making, request)
        except StripeUnavailable as failure:
            if not failure.replayed:
                raise
        # The old claim is given up by now: Stripe only repeated an error that it keeps under the key for a day.
        return self._make(entity_id, making, request)

    def _make(self, entity_id: str, making: Making, request: Json) -> Made:
        wanted = Claim(f"billing-{uuid4().hex}", json.dumps(request, sort_keys=True), self._clock())
        claim = self._store.claim(self._scope, entity_id, making.subject, wanted)
        if claim.object_id is not None:
            return Made(claim.object_id, claim, None)
        body = self._found_after_expiry(claim, making) or self._posted(entity_id, claim, making)
        self._store.settle(self._scope, entity_id, making.subject, claim, body["id"])
        return Made(body["id"], claim, body)

    def forget(self, entity_id: str, making: Making, claim: Claim) -> None:
        """The claimed object is gone at Stripe: the next call makes another."""
        self._store.drop(self._scope, entity_id, making.subject, claim)

    def _found_after_expiry(self, claim: Claim, making: Making) -> Json | None:
        """After a day Stripe has forgotten the key and would make a second object."""
        expired = self._clock() - claim.claimed_at > _KEY_LIFE
        return making.find_lost(claim) if expired else None

    def _posted(self, entity_id: str, claim: Claim, making: Making) -> Json:
        try:
            return making.post(json.loads(claim.request), claim.idempotency_key)
        except StripeRefused:
            # Nothing was made. The key is given up too, since Stripe may repeat this refusal under it for a day.
            self.forget(entity_id, making, claim)
            raise
        except StripeUnavailable as failure:
            return self._recovered(entity_id, claim, making, failure)

    def _recovered(self, entity_id: str, claim: Claim, making: Making, failure: StripeUnavailable) -> Json:
        """After a replayed 5xx only Stripe's lists know whether the object was made."""
        if not failure.replayed:
            raise failure
        found = making.find_lost(claim)
        if found is None:
            self.forget(entity_id, making, claim)
            raise failure
        return found
