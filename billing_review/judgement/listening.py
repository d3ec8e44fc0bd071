"""Which events reach anybody, before and after the change."""

from __future__ import annotations

from dataclasses import dataclass

from billing_review.judgement.fields import items, text
from billing_review.judgement.runtime_events import EVERY
from billing_review.steps import Args, Change, Step

KINDS = ("WebhookEndpoint", "EventDestination")


@dataclass(frozen=True, slots=True)
class Heard:
    """The events that some endpoint receives."""

    events: frozenset[str]
    is_all_known: bool = True
    """False where the source does not say what an endpoint receives: a manifest does not."""

    def hears(self, event: str) -> bool:
        """Whether anybody receives it, or may."""
        return not self.is_all_known or EVERY in self.events or event in self.events


def endpoints(change: Change) -> tuple[Step, ...]:
    """Everything that events are sent to."""
    return tuple(step for step in change.steps if step.kind in KINDS)


def heard(change: Change, *, after: bool) -> Heard:
    """What is received on one side of the change."""
    sides = [(step.kind, step.new if after else step.old) for step in endpoints(change)]
    there = [args for kind, args in sides if args is not None and _listens(kind, args)]
    events = frozenset(event for args in there for event in items(args, "enabled_events") if isinstance(event, str))
    return Heard(events, all("enabled_events" in args for args in there))


def _listens(kind: str, args: Args) -> bool:
    """Whether it receives events of this account as whole objects, not thin ones, nor those of connected accounts."""
    off = args.get("disabled") is True or args.get("status") == "disabled" or args.get("connect") is True
    thin = kind == "EventDestination" and text(args, "event_payload") != "snapshot" and "enabled_events" in args
    return not off and not thin
