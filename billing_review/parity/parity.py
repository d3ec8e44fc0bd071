"""The comparison of several stacks: pairs, what differs in each, which of it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from billing_review.parity.allowances import SETTING, Allowance, unknown
from billing_review.parity.compare import Gap, gaps, paths
from billing_review.parity.environment import Environment, Origin
from billing_review.parity.promotion import Immutable, promotion
from billing_review.parity.words import label, sentence, title, words
from billing_review.steps import Change


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of two stacks, in words."""

    kind: str
    key: str
    path: str
    """What an allowance would name: prices.team.monthly.unit_amount."""
    title: str
    label: str
    """What differs: trial; empty for the amount of a price, and where one side lacks the object."""
    first: str | None
    """None where the first stack lacks the object."""
    second: str | None
    sentence: str
    allowed: Allowance | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stacks, compared by one kind of source."""

    first: Environment
    second: Environment
    differences: tuple[Difference, ...]
    promotion: Change
    """What the first would change in the second."""

    @property
    def origin(self) -> Origin:
        """What was compared."""
        return self.first.origin

    @property
    def open(self) -> tuple[Difference, ...]:
        """What is not allowed."""
        return tuple(one for one in self.differences if one.allowed is None)

    @property
    def allowed(self) -> tuple[Difference, ...]:
        """What is."""
        return tuple(one for one in self.differences if one.allowed is not None)


@dataclass(frozen=True, slots=True)
class Parity:
    """Whether stacks sell the same."""

    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs but what is allowed."""
        return not any(pair.open for pair in self.pairs)


def compare(
    environments: Sequence[Environment],
    today: date,
    *,
    immutable: Immutable | None = None,
    against_first: bool = False,
) -> Parity:
    """Compare stacks: each with the one before it, or each with the first.

    ``immutable`` tells by kind which fields Stripe cannot change in place.
    """
    return compare_all([environments], today, immutable=immutable, against_first=against_first)


def compare_all(
    groups: Sequence[Sequence[Environment]],
    today: date,
    *,
    immutable: Immutable | None = None,
    against_first: bool = False,
) -> Parity:
    """The same for several sources, such as manifests and accounts, each among themselves."""
    pairs = tuple(
        _pair(first, second, today, immutable or {})
        for group in groups
        for first, second in ([(group[0], one) for one in group[1:]] if against_first else pairwise(group))
    )
    everyone = [one for group in groups for one in group]
    return Parity(pairs, tuple(dict.fromkeys((*_same_accounts(everyone), *_idle(everyone, pairs, today)))))


def _pair(first: Environment, second: Environment, today: date, immutable: Mapping[str, frozenset[str]]) -> Pair:
    valid = [one for one in (*first.allowed, *second.allowed) if not one.has_expired(today)]
    found = list(gaps(first, second))
    told = tuple(_difference(gap, first, second, valid) for gap in found)
    meant = [gap for gap, one in zip(found, told, strict=True) if one.allowed is None]
    return Pair(first, second, told, promotion(first, second, meant, immutable))


def _difference(gap: Gap, first: Environment, second: Environment, allowances: Iterable[Allowance]) -> Difference:
    return Difference(
        kind=gap.kind,
        key=gap.key,
        path=gap.path,
        title=title(gap.kind, gap.key, first, second),
        label=label(gap) if gap.within else "",
        first=_side(gap, gap.first, first),
        second=_side(gap, gap.second, second),
        sentence=sentence(gap, first, second),
        allowed=next((one for one in allowances if one.covers(gap.path)), None),
    )


def _side(gap: Gap, value: object, side: Environment) -> str | None:
    if not gap.within:
        return None if value is None else "there"
    return words(gap, value, side)


def _same_accounts(environments: Sequence[Environment]) -> Iterable[str]:
    first: dict[str, str] = {}
    for one in environments:
        if one.account is None:
            continue
        before = first.setdefault(f"{one.account} {one.livemode}", one.stack)
        if before != one.stack:
            yield f"{before} and {one.stack} are in one account, {one.account}"


def _idle(environments: Sequence[Environment], pairs: Sequence[Pair], today: date) -> Iterable[str]:
    """Allowances that do nothing: their day is over, they name nothing, or the difference is gone."""
    known = [path for one in environments for path in paths(one)]
    used = {one.allowed for pair in pairs for one in pair.differences}
    for allowance in dict.fromkeys(one for environment in environments for one in environment.allowed):
        where = f"{SETTING} of stack {allowance.stack}"
        if allowance.has_expired(today):
            yield f"{where} allowed {allowance.path} until {allowance.until}: that is over, and it does not count"
        elif said := unknown(allowance, known):
            yield said
        elif allowance not in used:
            yield f"{where} allows {allowance.path}, which does not differ between these stacks"
