"""The names of the events that an endpoint receives. https://docs.stripe.com/api/events/types"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from billing_resources._engine.extra import Extra, Object
from billing_resources._engine.facts import is_known
from billing_resources._engine.runtime_events import RUNTIME

if TYPE_CHECKING:
    from billing_resources._engine.session import Session

EVERY = "*"
_MOST = 3
_OPEN = "allow_unknown_events: true lets a name through that Stripe added later"


@cache
def known_events() -> frozenset[str]:
    """Every event of the version of Stripe's API that this package is made for."""
    text = resources.files("billing_resources._engine").joinpath("webhook_events.json").read_text(encoding="utf-8")
    return frozenset(json.loads(text)["events"])


def events_are_known(args: dict[str, Any]) -> list[tuple[str, str]]:
    """A name with a slip of the pen would never arrive, so it is refused beside the names it is near to."""
    events = args.get("enabled_events")
    if not is_known(events) or not isinstance(events, list) or args.get("allow_unknown_events") is True:
        return []
    return [(f"enabled_events[{index}]", _unknown(events[index])) for index in _strange(events)]


def _strange(events: list[Any]) -> Iterator[int]:
    known = known_events() | {EVERY, RUNTIME}
    return (index for index, event in enumerate(events) if isinstance(event, str) and event not in known)


def _unknown(event: str) -> str:
    near = difflib.get_close_matches(event, [*known_events(), RUNTIME], n=_MOST)
    meant = f"did you mean {' or '.join(near)}?" if near else "see https://docs.stripe.com/api/events/types."
    return f"is no event that this version knows: {meant} {_OPEN}"


class NewerEvents(Extra):
    """An endpoint of the account may receive events that are newer than this package."""

    def seen(self, session: Session, found: Object) -> dict[str, Any]:
        """The permission that its declaration needs."""
        del session
        newer = set(found.get("enabled_events") or ()) - known_events() - {EVERY}
        return {"allow_unknown_events": True} if newer else {}
