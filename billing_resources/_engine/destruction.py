"""What is removed or replaced on a live stack has to be allowed: ``billing:allowDestructive``.

Removing deletes, archives or deactivates the object, and the second half of every replacement does so too. What can be
taken back with one edit is no destruction: an update in place, a webhook endpoint that is disabled, an alert that is
switched off, a default price that moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources.errors import DestructionRefused

if TYPE_CHECKING:
    from billing_resources._engine.settings import Settings


def refuse_on_live_stack(settings: Settings, what: str, olds: Mapping[str, Any]) -> None:
    """Raise DestructionRefused before anything is requested; the state knows of each object whether it is live."""
    if settings.allows_destruction or not (settings.is_live or olds.get("livemode") is True):
        return
    raise DestructionRefused.on_live_stack(what)
