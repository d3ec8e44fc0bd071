"""What a rule is: a function over one case, which says what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from billing_review.judgement.settings import JudgementSettings
from billing_review.judgement.successions import Succession, successions
from billing_review.judgement.wording import name_of
from billing_review.report import Affected, Finding, Severity
from billing_review.steps import Change, Step
from billing_review.telling.price.titles import price_titles


@dataclass(frozen=True)
class Case:
    """What is judged, and by which measures."""

    change: Change
    settings: JudgementSettings
    today: date
    affected: Mapping[tuple[str, str], Affected] = field(default_factory=dict)
    """Who is on a price, by kind and name; without an entry, nobody counted."""
    found: tuple[Finding, ...] = ()
    """What the other rules found, for those that are asked last."""

    @cached_property
    def successions(self) -> tuple[Succession, ...]:
        """The prices that others take the place of."""
        return successions(self.change)

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        """What the report calls each price."""
        return price_titles(self.change)

    def name(self, step: Step) -> str:
        """What people call the object: a price as the report does, anything else by its own name."""
        name = self._titles.get(step.key, step.key) if step.kind == "Price" else name_of(step)
        return " ".join(name.split()) or step.key  # a title may be a space, or have line breaks

    def on(self, step: Step) -> Affected | None:
        """Who is on it; None where nobody counted."""
        return self.affected.get((step.kind, step.key))


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of one object: one plain sentence with the amounts in it, and what to do."""

    kind: str
    key: str
    sentence: str
    advice: str
    place: str | None = None
    severity: Severity | None = None
    """Where it is worse or better than the rule usually is."""


def said(step: Step, sentence: str, advice: str, severity: Severity | None = None) -> Said:
    """The same about the object of a step."""
    return Said(step.kind, step.key, sentence, advice, step.place, severity)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its name in settings and suppressions."""

    name: str
    judge: Callable[[Case], Iterable[Said]]
    severity: Severity
    why: str
    """What is dangerous about it, in one line."""
