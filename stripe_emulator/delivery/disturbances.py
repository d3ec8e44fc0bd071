"""What goes wrong with deliveries on demand: in another order, twice, late, never, or answered badly."""

from __future__ import annotations

import fnmatch
import random
from dataclasses import asdict, dataclass
from typing import Any

from stripe_emulator.countdown import strikes

Document = dict[str, Any]

KINDS = ("shuffle", "duplicate", "delay", "drop", "status", "timeout", "refuse", "lose_answer")
_LIMITLESS = ("shuffle",)


@dataclass
class Disturbance:
    """A rule about deliveries; `count` None has no end."""

    id: str
    kind: str
    type: str = "*"  # of the event, with asterisks
    endpoint: str = "*"
    count: int | None = 1
    skip: int = 0
    seconds: int = 3600  # how late, by the emulator's clock
    times: int = 2  # how often in all
    status: int = 500
    seed: int = 0
    window: int = 5  # so many are put into another order at a time

    def fits(self, delivery: Document) -> bool:
        """Say whether the rule is about a delivery; none is delayed twice."""
        if self.kind == "delay" and delivery.get("delayed"):
            return False
        names = ((delivery["type"], self.type), (delivery["endpoint"], self.endpoint))
        return all(fnmatch.fnmatchcase(name, wanted) for name, wanted in names)

    def order(self) -> random.Random:
        """Return what puts one endpoint's deliveries into another order, the same one each time."""
        return random.Random(self.seed)  # noqa: S311 - nothing secret


class Disturbances:
    """The rules in force, in the order they were made."""

    def __init__(self) -> None:
        self._rules: list[Disturbance] = []
        self._made = 0

    def add(self, given: dict[str, Any]) -> Disturbance:
        """Make a rule, or raise ValueError with one sentence."""
        names = set(Disturbance.__dataclass_fields__) - {"id"}
        if given.get("kind") not in KINDS:
            message = f"what is done to deliveries is one of {', '.join(KINDS)}"
            raise ValueError(message)
        if strangers := sorted(set(given) - names):
            message = f"a rule for deliveries has no {', '.join(strangers)}; it has {', '.join(sorted(names))}"
            raise ValueError(message)
        self._made += 1
        usual = {"count": None} if given["kind"] in _LIMITLESS else {}
        rule = Disturbance(id=f"disturbance_{self._made}", **{**usual, **given})
        _refuse_odd_values(rule)
        self._rules.append(rule)
        return rule

    def take(self, delivery: Document) -> Disturbance | None:
        """Return the first rule that applies to a delivery that is about to be sent, and count it."""
        for rule in self._rules:
            if rule.kind != "shuffle" and rule.fits(delivery) and strikes(rule):
                return rule
        return None

    @property
    def shuffle(self) -> Disturbance | None:
        """Return the rule that puts deliveries into another order."""
        return next((rule for rule in self._rules if rule.kind == "shuffle"), None)

    def all(self) -> list[Document]:
        """Return every rule as data, used up or not."""
        return [asdict(rule) for rule in self._rules]

    def clear(self) -> None:
        """Forget every rule."""
        self._rules.clear()


def _refuse_odd_values(rule: Disturbance) -> None:
    for name in ("type", "endpoint"):
        if not isinstance(getattr(rule, name), str):
            message = f"{name!r} is text, perhaps with asterisks"
            raise ValueError(message)  # noqa: TRY004 - what is wrong with a rule is always the same error
    for name, least in (("seconds", 0), ("times", 2), ("skip", 0), ("window", 2), ("status", 100), ("seed", 0)):
        value = getattr(rule, name)
        if not isinstance(value, int) or value < least:
            message = f"{name!r} is a whole number, {least} or more"
            raise ValueError(message)
    if rule.count is not None and (not isinstance(rule.count, int) or rule.count < 1):
        message = "'count' is a whole number, 1 or more, or null for no end"
        raise ValueError(message)
