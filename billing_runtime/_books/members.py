"""Limits of members in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.catalog import Limit

if TYPE_CHECKING:
    from billing_runtime._store import Transaction


class MemberRows:
    """Asked only about counters of which it is known that members have limits."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: dict[tuple[str, str], dict[str, Limit]] = {}

    def limit(self, entity_id: str, name: str, member_id: str) -> Limit | None:
        """A member's own limit, else that of every member; None if there is neither."""
        place = entity_id, name
        known = self._known.setdefault(place, {})
        if member_id not in known:
            row = self._transaction.one("find_member_limit", entity_id=entity_id, name=name, member_id=member_id)
            if row is None:
                return None
            known[member_id] = Limit("unlimited" if row["included"] is None else row["included"], row["per"])
        return known[member_id]

    def keep(self, entity_id: str, name: str, member_id: str, limit: Limit | None) -> None:
        """From now on a member (every member: "") has this limit, or none."""
        self._known.pop((entity_id, name), None)
        if limit is None:
            self._transaction.run("drop_member_limit", entity_id=entity_id, name=name, member_id=member_id)
            return
        self._transaction.run(
            "keep_member_limit",
            entity_id=entity_id,
            name=name,
            member_id=member_id,
            included=None if limit.included == "unlimited" else limit.included,
            per=limit.per,
        )
