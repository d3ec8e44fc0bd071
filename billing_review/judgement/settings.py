"""How a project wants to be judged: what counts how much, and what does not count for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from billing_review.report import Severity

Level = Severity | Literal["off"]
LEVELS: tuple[Level, ...] = ("high", "medium", "low", "info", "off")
PRICE_INCREASE_PERCENT = Decimal(10)


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that somebody decided to live with: which, why, and for how long."""

    rule: str
    reason: str
    until: date
    """The last day (UTC) on which it holds."""
    on: str | None = None
    """The name of the object, whose prices and copies it covers as well; every object when absent."""
    place: str | None = None
    """Where it is written."""

    def covers(self, rule: str, key: str) -> bool:
        """Whether it is about this finding."""
        return self.rule == rule and (
            self.on is None or key == self.on or key.startswith((f"{self.on}.", f"{self.on}~"))
        )

    def holds(self, today: date) -> bool:
        """Whether it still counts."""
        return today <= self.until


@dataclass(frozen=True, slots=True)
class JudgementSettings:
    """The project's own measures; without any, those of the table of rules."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    """The severity of a rule's findings by the rule's name, or off."""
    price_increase_percent: Decimal = PRICE_INCREASE_PERCENT
    """What a price may rise by before it is a finding."""
    exemptions: tuple[Exemption, ...] = ()
    """What is suppressed, and until when."""

    def with_exemptions(self, more: Iterable[Exemption]) -> JudgementSettings:
        """The same with further suppressions, such as those of the catalog."""
        return replace(self, exemptions=(*self.exemptions, *more))
