"""What a review says: plain values that each form (terminal, Markdown, HTML, JSON) only lays out.

Every text is one that a person reads, and is not escaped yet: a form escapes what its format takes for markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from billing_review.pricing import Pricing
from billing_review.steps import Operation, Source

Severity = Literal["high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "info")
"""Worst first."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about an object that changes, in words: Amount, 12.00 USD, 14.00 USD, +16.7 %."""

    label: str
    old: str | None = None
    """None where it was not there."""
    new: str | None = None
    """None where it goes."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """What a quantity costs before and after, written out; and how the new amount comes about."""

    quantity: int
    unit: str
    """seats, units, or what a meter counts; for a single one, seat or unit."""
    old: str | None
    new: str | None
    change: str | None = None
    """+16.7 %"""
    sum: str | None = None
    """100 × 12.00 + 50 × 10.00 USD"""


@dataclass(frozen=True, slots=True)
class TierRow:
    """A row of the table of tiers: 1 to 20, what a unit costs and what entering it costs, before and after."""

    units: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Costs:
    """A price's amounts in one currency, before and after."""

    currency: str
    old: Pricing | None
    new: Pricing | None
    tiers: tuple[TierRow, ...] = ()
    examples: tuple[Example, ...] = ()
    explanation: str | None = None
    """How packages, graduated or volume tiers are counted, in a sentence."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is on a price today, counted at Stripe."""

    active: int = 0
    trialing: int = 0
    past_due: int = 0
    seats: int = 0
    """The quantities of those subscriptions' items on the price."""
    customers: int = 0
    open_checkouts: int = 0
    monthly_revenue: Mapping[str, int] = field(default_factory=dict)
    """What they pay in a month, in minor units by currency, at list price; metered usage is not in it."""
    complete: bool = True
    """False where counting stopped at its bound: every number is then a least."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happens to one object, told for somebody who knows the business."""

    kind: str
    key: str
    operation: Operation
    title: str
    """Team, monthly seat"""
    headline: str
    """Team, monthly seat: 12.00 → 14.00 USD a month (+16.7 %), new price, lookup key moves."""
    sentences: tuple[str, ...] = ()
    """What follows from it, one consequence each."""
    facts: tuple[Fact, ...] = ()
    costs: tuple[Costs, ...] = ()
    affected: Affected | None = None
    """None where nobody looked, or where nobody can be on it."""
    plan: str | None = None
    object_id: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count, and until when."""

    reason: str
    until: str
    """A date, 2027-01-31: the last day (UTC) on which it holds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A judgement: what is dangerous about the change, where, and what to do."""

    rule: str
    """Its name in settings and suppressions: price-increase."""
    severity: Severity
    sentence: str
    kind: str
    key: str
    advice: str
    place: str | None = None
    suppressed: Suppression | None = None


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether customers were counted, and at what cost."""

    status: Literal["not_asked", "counted", "partly", "refused"] = "not_asked"
    sentence: str = "Nobody looked who is affected: no Stripe key was given."
    calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """A whole review."""

    source: Source
    entries: tuple[Entry, ...]
    """What changes, the most consequential first."""
    findings: tuple[Finding, ...] = ()
    """Worst first; suppressed ones last."""
    counts: Mapping[Operation, int] = field(default_factory=dict)
    """Objects by operation, equal ones included."""
    counting: Counting = field(default_factory=Counting)
    revenue_touched: Mapping[str, int] = field(default_factory=dict)
    """Monthly recurring revenue on prices that change, in minor units by currency."""
    trouble: tuple[str, ...] = ()
    """What the source says went wrong while it was made."""
    others: Mapping[Operation, int] = field(default_factory=dict)
    """Resources in the same plan that are not Stripe's and change as well, by operation; nobody judges them."""
