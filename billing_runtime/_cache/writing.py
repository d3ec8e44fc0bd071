"""Keeping what Stripe answered: an answer that was asked for earlier never replaces a later one.

Every row carries the number that was taken before its fetch. Reconciliation writes single subscriptions, a refresh all
of a customer's; only the latter may conclude that a subscription is gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime._cache.rows import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._cache.rows import CachedSubscription
    from billing_runtime._store import Transaction, Value

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Subscriptions of one customer, as an answer to a fetch that took its number before it began.

    `at` is the Unix time of the answer; `whole` says that there are no others.
    """

    customer_id: str
    entity_id: str
    seq: int
    at: int
    subscriptions: Sequence[Json]
    whole: bool = True


def keep(change: Transaction, answer: Answer) -> int:
    """Keep what is newer than what is there; how many subscriptions are not as they were known."""
    change.lock(f"customer/{answer.customer_id}")
    fetch = change.one("customer_fetch", customer_id=answer.customer_id)
    if fetch is not None and fetch["fetched_seq"] >= answer.seq:
        return 0
    before = {one.id: one for one in held(change, answer.customer_id)}
    place: dict[str, Value] = {"customer_id": answer.customer_id, "entity_id": answer.entity_id}
    changed = sum(_keep_one(change, answer, body, before.get(body["id"])) for body in answer.subscriptions)
    if answer.whole:
        changed += change.run("drop_older_subscriptions", customer_id=answer.customer_id, fetched_seq=answer.seq)
        change.run("keep_customer_fetch", **place, fetched_seq=answer.seq, fetched_at=answer.at)
    else:
        change.run("note_customer_write", **place, fetched_at=answer.at)
    return changed


def held(change: Transaction, customer_id: str) -> tuple[CachedSubscription, ...]:
    """What is known of a customer now."""
    return read(change.all("subscriptions_of_customer", customer_id=customer_id))


def _keep_one(change: Transaction, answer: Answer, body: Json, before: CachedSubscription | None) -> bool:
    full = body | {"past_due_since": _past_due_since(answer, body, before)}
    written = change.run(
        "keep_subscription",
        subscription_id=body["id"],
        customer_id=answer.customer_id,
        entity_id=answer.entity_id,
        status=body["status"],
        body=json.dumps(full),
        fetched_seq=answer.seq,
    )
    return bool(written) and (before is None or before.body != full)


def _past_due_since(answer: Answer, body: Json, before: CachedSubscription | None) -> int | None:
    """Stripe does not say since when a subscription is past due; the first answer that said so does."""
    if body["status"] != "past_due":
        return None
    since: int | None = before.body.get("past_due_since") if before else None
    return answer.at if since is None else since
