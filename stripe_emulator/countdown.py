"""Rules that pass some cases over, then hold for so many: of faults on requests, and of disturbed deliveries."""

from __future__ import annotations

from typing import Protocol


class Counted(Protocol):
    """A rule with its two numbers; without a count it holds for good."""

    skip: int
    count: int | None


def strikes(rule: Counted) -> bool:
    """Say whether a rule holds for the case that it fits, and count the case."""
    if rule.count == 0:
        return False
    if rule.skip:
        rule.skip -= 1
        return False
    rule.count = None if rule.count is None else rule.count - 1
    return True
