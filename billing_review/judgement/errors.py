"""What is wrong with the settings of a review."""

from __future__ import annotations

from collections.abc import Sequence


class InvalidJudgement(ValueError):  # noqa: N818 - reads as what happened
    """Settings or suppressions that cannot be used; every problem is told at once."""

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{source}: {count}", *(f"  {problem}" for problem in self.problems)]))
