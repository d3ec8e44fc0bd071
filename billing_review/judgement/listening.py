"""Which events reach anybody, before and after the change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing_review.judgement.fields import items, text
from billing_review.judgement.runtime_events import EVERY
from billing_review.steps import Args, Change, Step

KINDS = ("WebhookEndpoint", "EventDestination")


@dataclass(frozen=True, slots=True)
class Heard:
    """The events that some endpoint receives."""

    events: frozenset[str]

    def hears(self, event: str) -> bool:
        """Whether anybody receives it."""
        return EVERY in self.events or event in self.events


def endpoints(change: Change) -> tuple[Step, ...]:
    """Everything that events are sent to."""
    return tuple(step for step in change.steps if step.kind in KINDS)


def heard(change: Change, *, after: bool) -> Heard:
    """What is received on one side of the change."""
    sides = [(step.kind, step.new if after else step.old) for step in endpoints(change)]
    return Heard(frozenset(event for kind, args in sides if args is not None for event in _events(kind, args)))


def _events(kind: str, args: Args) -> Iterator[str]:
    """Events of this account as whole objects: thin events and those of connected accounts are others."""
    off = args.get("disabled") is True or args.get("status") == "disabled" or args.get("connect") is True
    if off or (kind == "EventDestination" and text(args, "event_payload") != "snapshot"):
        return
    yield from (event for event in items(args, "enabled_events") if isinstance(event, str))
