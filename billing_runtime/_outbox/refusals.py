"""What a failed call means for the row it was about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing_runtime._inbox.backoff import Backoff
from billing_runtime._outbox.rows import GONE_CUSTOMER
from billing_runtime._outbox.sealing import TOO_OLD
from billing_runtime._outbox.telling import given_up_at

if TYPE_CHECKING:
    from billing_runtime._outbox.kinds import Rule
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime.catalog import Meter
    from billing_runtime.errors import StripeCallError, StripeRefused

_WAITS = Backoff(attempts=2**31)
# Stripe's clock is behind ours by an unknown time: so much earlier each time, twice as much as before.
_EARLIER = 300
#: A customer that was just made may not have been seen by whoever validates: so often it is tried again.
TRIES = 3
_OF_THE_ROW = frozenset({400, 404})
_MISSING = "resource_missing"


def is_ours(refusal: StripeRefused) -> bool:
    """Whether Stripe refused us, and not the row: the key, its rights, or the address."""
    return refusal.status not in _OF_THE_ROW or (refusal.status == 404 and refusal.code is None)


def put_off(row: OutboxRow, failure: StripeCallError, now: int) -> OutboxRow:
    """Stripe may have it or not: it is told again under the same identifier, later each time."""
    attempts = row.attempts + 1
    wait = max(_WAITS.seconds(attempts) or 0, int(failure.retry_after or 0))
    return replace(row, attempts=attempts, due_at=now + wait, problem=str(failure))


def refused(row: OutboxRow, refusal: StripeRefused, meter: Meter, rule: Rule, now: int) -> OutboxRow:
    """Stripe said no to this row: it waits for a customer, is told with another time, or is given up."""
    about = refusal.param or ""
    if refusal.code == _MISSING and (about == "customer" or meter.customer_key in about):
        return gone(row, rule, now)
    if refusal.code == "timestamp_in_future":
        # Its answer has told Stripe's time, so that the next one is right; where it has not, one of the next is.
        earlier = max(row.period_start, row.at - _EARLIER * 2 ** min(row.attempts, 16))
        later = put_off(row, refusal, now)
        return replace(later, at=earlier, tried_at=None, due_at=later.due_at if row.attempts else now)
    if refusal.code == "timestamp_too_far_in_past":
        return dead(row, TOO_OLD)
    return dead(row, refusal.detail or str(refusal))


def gone(row: OutboxRow, rule: Rule, now: int) -> OutboxRow:
    """The customer was deleted at Stripe: the row waits for the one that takes its place."""
    row = replace(row, done=0) if row.state == "doubted" and row.sent_at is not None else row
    last = given_up_at(row, rule)
    if row.done or (last is not None and now >= last):
        return dead(row, GONE_CUSTOMER)
    return row.anew(now + 600 if last is None else last, GONE_CUSTOMER)


def dead(row: OutboxRow, problem: str) -> OutboxRow:
    """The row is given up."""
    return replace(row, state="dead", due_at=None, problem=problem)
