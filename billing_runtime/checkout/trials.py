"""One trial per entity and group of plans, whatever became of the subscription or of the customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime._groups import group_of, trial_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billing_runtime._context import Context

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trials:
    """Remembers who had a trial of what."""

    context: Context

    def used(self, entity_id: str, group: str, subscriptions: Sequence[Json]) -> bool:
        """Whether the entity had its trial: as these subscriptions tell, ended ones included, or as is remembered."""
        self.note(entity_id, subscriptions)
        if trial_in(self.context.manifest, subscriptions, group) is not None:
            return True
        return self._known(entity_id, group)

    def note(self, entity_id: str, subscriptions: Iterable[Json]) -> None:
        """Remember the trials of these subscriptions; what is known already is not written again."""
        manifest = self.context.manifest
        begun = [(group_of(manifest, one), one) for one in subscriptions if one.get("trial_start")]
        new = [(group, one) for group, one in begun if group is not None and not self._known(entity_id, group)]
        if not new:
            return
        with self.context.store.transaction(self.context.scope) as change:
            for group, one in new:
                change.run(
                    "note_trial",
                    entity_id=entity_id,
                    plan_group=group,
                    subscription_id=one["id"],
                    started_at=one["trial_start"],
                )

    def _known(self, entity_id: str, group: str) -> bool:
        with self.context.store.reading(self.context.scope) as reading:
            return reading.one("trial", entity_id=entity_id, plan_group=group) is not None
