"""Creating one object at Stripe, whatever earlier runs that died have left. https://docs.stripe.com/api/idempotent_requests"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.adoption import Settlement, settle
from billing_resources._engine.params import create_params, marks_of
from billing_resources.errors import StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.extra import Object
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target

FAILURES = 3


def make(session: Session, target: Target, args: Mapping[str, Any], replaced: str | None) -> tuple[Object, bool]:
    """The object of this declaration, and whether it is new: ours from a run that died is taken instead."""
    settlement = settle(session.known(target.kind, target.parent(args)).values(), target, args, replaced)
    survivor = settlement.take
    if survivor is not None and not target.kind.stripe.secret:
        return survivor, False
    # Only a replayed answer shows a secret again, so a survivor that has one is asked for once more.
    found, is_new = _Creation(session, target, args, replaced, settlement).post()
    if survivor is not None and survivor["id"] != found["id"]:
        session.retire(target.kind, survivor["id"])
    return found, is_new


def marks_on(session: Session, target: Target, args: Mapping[str, Any]) -> dict[str, str]:
    """Every mark of an object that becomes ours."""
    return {**marks_of(target.kind, args, target.owner), **target.kind.stripe.extra.more_marks(session, args)}


class _Creation:
    """The POSTs of one create: each has a key that follows from what is sent, so that no answer can get lost."""

    def __init__(
        self, session: Session, target: Target, args: Mapping[str, Any], replaced: str | None, settlement: Settlement
    ) -> None:
        self.session, self.target, self.args, self.replaced = session, target, args, replaced
        self.refusal = settlement.refusal
        self.params = create_params(target.kind, args, marks_on(session, target, args))
        self.nonce = ""
        self.failures = 0

    def post(self) -> tuple[Object, bool]:
        """Ask until there is an object; a replayed answer about a dead one, or a kept error, makes a new key."""
        while True:
            try:
                made, replayed = self.session.create(
                    self.target.kind, f"create {self.target}", self.params, self._key, self.target.parent(self.args)
                )
            except StripeRefused as error:
                survivor = self._after(error)
                if survivor is not None:
                    return survivor, False
                continue
            if not replayed:
                return made, True
            now = self.session.retrieve(self.target.kind, made["id"])
            if now is not None and self.target.kind.is_alive(now):
                return {**made, **now, **self._shown_once(made)}, False
            self.nonce += f" {made['id']}"  # a chosen id dies more than once

    def _shown_once(self, made: Object) -> Object:
        """The secrets of a create's answer; no later look at the object shows them."""
        stripe = self.target.kind.stripe
        shown = stripe.seen(made)
        return {name: shown[name] for name in stripe.secret if shown.get(name)}

    def _after(self, error: StripeRefused) -> Object | None:
        """Stripe keeps what it answered under a key for a day: look whether the object was made, else try anew."""
        if not error.is_kept:
            # A meter that is there already has no marks, and no idempotency key has proved it ours.
            raise (self.refusal if self.refusal is not None and error.status == 400 else error) from None
        self.failures += not error.is_replayed
        if self.failures >= FAILURES:
            raise error
        self.nonce = error.request_id
        if (error.status or 0) < 500:
            return None
        parent = self.target.parent(self.args)
        self.session.forget_pages(self.target.kind, parent)
        known = self.session.known(self.target.kind, parent).values()
        settlement = settle(known, self.target, self.args, self.replaced)
        self.refusal = settlement.refusal
        return settlement.take

    @property
    def _key(self) -> str:
        parent = self.target.parent(self.args)
        told = [self.target.stack, self.target.urn, self.params, self.nonce, *([parent] if parent else [])]
        text = json.dumps(told, sort_keys=True, separators=(",", ":"))
        return f"billing-{hashlib.sha256(text.encode()).hexdigest()[:48]}"
