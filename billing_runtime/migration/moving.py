"""Moving one subscription, exactly once, whatever crashes, repeats or changes meanwhile.

Read, judge, announce in the journal, write, note. The idempotency key follows from the migration, the subscription and
the number of the attempt, so a repeated request is the same request; a subscription that is found on the new price is
never written again. https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.errors import StripeCallError, StripeRefused, StripeUnavailable
from billing_runtime.migration.record import Attempt
from billing_runtime.migration.steps import Move, Skip

if TYPE_CHECKING:
    from billing_runtime.migration.calls import Calls
    from billing_runtime.migration.journal import JournalFile
    from billing_runtime.migration.record import Record
    from billing_runtime.migration.selection import Judge

Json = dict[str, Any]
# Stripe keeps idempotency keys for at least 24 hours; an hour is left for clocks that differ.
_KEY_LIFE = 23 * 3600
# Looks at one subscription beyond the attempts that a request has: for keys that turn out to be used up.
_MORE_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """How the change is billed: the same for every subscription of a migration."""

    proration: str
    pays_at_once: bool

    def params(self, item: str, attempt: Attempt) -> Json:
        """The change: price, quantity and billing of one item, and nothing else of the subscription."""
        line: Json = {"id": item, "price": attempt.after.price}
        if attempt.after.quantity is not None:
            line["quantity"] = attempt.after.quantity  # Stripe would set it to 1
        params: Json = {"items": [line], "proration_behavior": self.proration}
        if attempt.proration_date is not None:
            params["proration_date"] = attempt.proration_date
        if self.pays_at_once:
            # Whoever cannot pay keeps the old price, instead of getting the new one and a debt.
            params |= {"payment_behavior": "error_if_incomplete", "off_session": True}
        return params


class Mover:
    """Takes subscriptions one by one; threads may share it."""

    def __init__(
        self,
        calls: Calls,
        file: JournalFile,
        record: Record,
        terms: Terms,
        judge_of: Callable[[Move], Judge],
        now: Callable[[], int],
    ) -> None:
        self._calls, self._file, self._record = calls, file, record
        self._terms, self._judge_of, self._now = terms, judge_of, now

    def take(self, move: Move) -> None:
        """Move it, or note why it stays; a failure is raised and not noted.

        Every write has its look right before it, repeated ones too: the application may have changed the quantity.
        """
        troubles = 0
        for _ in range(self._calls.attempts + _MORE_LOOKS):
            found = self._look(move)
            if isinstance(found, Skip):
                self._stays(found)
                return
            try:
                if self._written(move, found):
                    return
            except StripeUnavailable:
                troubles += 1
                if troubles == self._calls.attempts:
                    raise
                self._calls.pause(troubles)
        message = f"Could not move the subscription {move.subscription}: Stripe repeats an old answer."
        raise StripeUnavailable(message)

    def note_failure(self, move: Move, failure: StripeCallError) -> None:
        """Write down that it failed: ids and codes, for Stripe's words may hold anything."""
        self._note(
            {
                "type": "failed",
                "subscription": move.subscription,
                "unknown": not isinstance(failure, StripeRefused),
                "status": failure.status,
                "code": failure.code,
                "request_id": failure.request_id,
                "at": self._now(),
            }
        )

    def _look(self, move: Move) -> Move | Skip:
        try:
            body = self._calls.subscription(move.subscription)
        except StripeRefused as refusal:
            if refusal.status == 404:
                return Skip(move.subscription, move.customer, "gone")
            raise
        return self._judge_of(move)(body)

    def _written(self, move: Move, found: Move) -> bool:
        """Whether it is done; if not, what is there has to be looked at again."""
        attempt, repeated = self._attempt(found)
        if not repeated:
            self._announce(found, attempt)
        try:
            self._calls.change(found.subscription, self._terms.params(found.item, attempt), attempt.key)
        except StripeRefused as refusal:
            if _is_used_up(refusal):
                self._record.spend(found.subscription)
                return False
            return self._stays_after(move, refusal)
        except StripeUnavailable as failure:
            if not failure.replayed:
                raise
            self._record.spend(found.subscription)
            return False
        if repeated:
            # This answer may be as old as the key: what holds is what is there, and the key has had its effect.
            self._record.spend(found.subscription)
            return False
        self._moved(found.subscription, attempt, found=False)
        return True

    def _stays_after(self, move: Move, refusal: StripeRefused) -> bool:
        """A refusal may be about what changed since the look; whoever has no reason to stay has failed."""
        again = self._look(move) if refusal.status not in {401, 402} else move
        if isinstance(again, Move):
            raise refusal
        self._stays(again)
        return True

    def _attempt(self, found: Move) -> tuple[Attempt, bool]:
        """The request to send, and whether it has been announced before."""
        last = self._record.attempts.get(found.subscription)
        now = self._now()
        if last is not None and self._still_holds(last, found, now):
            return last, True
        number = 1 if last is None else last.number + 1
        date = None
        if self._terms.proration != "none":
            date = max(found.period_start, min(now, found.period_end - 1))
        key = _key(self._record.id, found.subscription, number)
        return Attempt(number, key, found.item, found.before, found.after, date, now), False

    def _still_holds(self, last: Attempt, found: Move, now: int) -> bool:
        same = (last.item, last.before, last.after) == (found.item, found.before, found.after)
        in_period = last.proration_date is None or found.period_start <= last.proration_date <= found.period_end
        return same and in_period and last.unknown and not last.spent and now - last.at < _KEY_LIFE

    def _announce(self, found: Move, attempt: Attempt) -> None:
        self._note(
            {
                "type": "started",
                "subscription": found.subscription,
                "attempt": attempt.number,
                "key": attempt.key,
                "item": attempt.item,
                "before": attempt.before.as_json(),
                "after": attempt.after.as_json(),
                "proration_date": attempt.proration_date,
                "at": attempt.at,
            }
        )

    def _stays(self, skip: Skip) -> None:
        tried = self._record.attempts.get(skip.subscription)
        if tried is not None and tried.unknown and skip.found is not None:
            self._moved(skip.subscription, tried, found=True)
            return
        line: Json = {
            "type": "skipped",
            "subscription": skip.subscription,
            "customer": skip.customer,
            "reason": skip.reason,
        }
        self._note(line | ({"detail": skip.detail} if skip.detail else {}))

    def _moved(self, subscription: str, attempt: Attempt, *, found: bool) -> None:
        self._note(
            {
                "type": "moved",
                "subscription": subscription,
                "item": attempt.item,
                "before": attempt.before.as_json(),
                "after": attempt.after.as_json(),
                "found": found,
                "at": self._now(),
            }
        )

    def _note(self, line: Json) -> None:
        self._file.write(line)
        self._record.take(line)


def _is_used_up(refusal: StripeRefused) -> bool:
    """Whether the key has another request's answer, or one of another time."""
    return refusal.replayed or refusal.kind == "idempotency_error"


def _key(migration: str, subscription: str, number: int) -> str:
    digest = hashlib.sha256(f"{migration}\n{subscription}\n{number}".encode()).hexdigest()
    return f"billing-migrate-{digest[:32]}"
