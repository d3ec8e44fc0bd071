"""Two subscriptions in one group of plans: the earlier one stays, the later one is dealt with and reported.

Two pages that were open at once can both be paid, whatever an application checks before it opens one. Every step is
written down before it is taken and can be taken again, so that a crash in the middle is finished by the next call.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime import _inputs
from billing_runtime._after import refreshed
from billing_runtime._groups import group_of, taking_place
from billing_runtime._refunds import refund
from billing_runtime.clock import from_unix, to_unix
from billing_runtime.customers import ENTITY, STACK
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from billing_runtime._context import Context
    from billing_runtime._store import Row
    from billing_runtime.checkout.trials import Trials

Json = dict[str, Any]
_log = logging.getLogger("billing_runtime")
_DONE = frozenset({"reported", "cancelled", "refunded", "kept"})


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A second subscription that was found.

    `state` is found (not dealt with yet), cancelled, refunded, reported (left alone, as the setting says, or because it
    was not made here), or kept (the first one ended before this one was dealt with).
    """

    subscription_id: str
    kept_id: str
    entity_id: str
    group: str
    policy: str
    state: str
    found_at: datetime

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in _DONE


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Finds and resolves them."""

    context: Context
    trials: Trials

    def of(self, entity_id: str | None = None) -> tuple[Duplicate, ...]:
        """Those of one entity, or all of them, from the store alone."""
        with self.context.store.reading(self.context.scope) as reading:
            rows = (
                reading.all("all_duplicates")
                if entity_id is None
                else reading.all("duplicates_of_entity", entity_id=entity_id)
            )
        return tuple(map(_read, rows))

    def resolve(self, entity_id: str) -> tuple[Duplicate, ...]:
        """Look at the entity's cached subscriptions and deal with second ones; those that were found now or were open.

        To be called after every refresh of the cache. Without a second subscription nothing is sent to Stripe.
        """
        found = [one.body for one in self.context.cache.of(_inputs.entity(entity_id))]
        self.trials.note(entity_id, found)
        self._note(entity_id, found)
        todo = [one for one in self.of(entity_id) if one.open]
        if not todo:
            return ()
        with self.context.locks.of(entity_id):
            for one in todo:
                self._deal_with(one, found)
        names = {one.subscription_id for one in todo}
        return tuple(one for one in self.of(entity_id) if one.subscription_id in names)

    def _note(self, entity_id: str, found: list[Json]) -> None:
        """Write down which subscriptions stand beside an earlier one."""
        second = list(self._second(found))
        known = {one.subscription_id for one in self.of(entity_id)} if second else set()
        new = [(group, first, one) for group, first, one in second if one["id"] not in known]
        if not new:
            return
        with self.context.store.transaction(self.context.scope) as change:
            for group, first, one in new:
                change.run(
                    "note_duplicate",
                    subscription_id=one["id"],
                    kept_id=first["id"],
                    entity_id=entity_id,
                    plan_group=group,
                    policy=self.context.checkout.duplicates if self._is_ours(one, entity_id) else "report",
                    found_at=to_unix("clock()", self.context.clock()),
                )

    def _second(self, found: list[Json]) -> Iterator[tuple[str, Json, Json]]:
        """Group, earliest subscription and each later one."""
        manifest = self.context.manifest
        for group in sorted({group for body in found if (group := group_of(manifest, body))}):
            place = taking_place(manifest, found, group)
            yield from ((group, place[0], later) for later in place[1:])

    def _is_ours(self, body: Json, entity_id: str) -> bool:
        """Whether this application made it; one that a person made at the Dashboard may be meant."""
        marks = body.get("metadata") or {}
        return marks.get(ENTITY) == entity_id and marks.get(STACK) == self.context.manifest.owner

    def _deal_with(self, one: Duplicate, found: list[Json]) -> None:
        if one.policy == "report":
            self._settle(one, "reported")
        elif self._stands_alone(one, found):
            self._settle(one, "kept")
        else:
            self._end(one)

    def _stands_alone(self, one: Duplicate, found: list[Json]) -> bool:
        """Whether the earlier one has ended before this one was dealt with."""
        place = [body["id"] for body in taking_place(self.context.manifest, found, one.group)]
        return place[:1] == [one.subscription_id]

    def _end(self, one: Duplicate) -> None:
        customer = self._cancel(one)
        if one.policy == "refund" and customer is not None:
            refund(self.context, one.subscription_id)
        self._settle(one, "refunded" if one.policy == "refund" else "cancelled")
        if customer is not None:
            refreshed(self.context, customer)

    def _cancel(self, one: Duplicate) -> str | None:
        """End it now; its customer, or None if Stripe does not have it. One that has ended already is as good."""
        api = self.context.api
        try:
            body = api.read("read a subscription", lambda client: client.v1.subscriptions.retrieve(one.subscription_id))
            if body["status"] not in {"canceled", "incomplete_expired"}:
                api.write(
                    "cancel a second subscription",
                    f"billing-{uuid4().hex}",
                    lambda client, options: client.v1.subscriptions.cancel(one.subscription_id, {}, options),
                )
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        return str(body["customer"])

    def _settle(self, one: Duplicate, state: str) -> None:
        with self.context.store.transaction(self.context.scope) as change:
            change.run("settle_duplicate", subscription_id=one.subscription_id, state=state)
        _log.warning(
            "Entity %s had a second subscription in the plan group %s: %s was kept, %s was %s",
            one.entity_id,
            one.group,
            one.kept_id,
            one.subscription_id,
            state,
        )


def _read(row: Row) -> Duplicate:
    found = from_unix(row["found_at"])
    assert found is not None  # noqa: S101 - the column is never empty
    return Duplicate(
        row["subscription_id"],
        row["kept_id"],
        row["entity_id"],
        row["plan_group"],
        row["policy"],
        row["state"],
        found,
    )
