"""What a review refuses to read.

ReviewError
├── UnreadablePlan      what was given as a plan is none, or none that this version understands
└── UnreadableCatalogs  the comparison of two catalogs is not of the form that this version reads
"""

from __future__ import annotations


class ReviewError(Exception):
    """Anything a review says no to; its text is one sentence for a person."""


class UnreadablePlan(ReviewError):  # noqa: N818 - reads as what happened
    """What was given as a plan is none; ``name`` is what it was read from."""

    def __init__(self, name: str, said: str) -> None:
        self.name = name
        super().__init__(f"{name} {said}")

    @classmethod
    def empty(cls, name: str) -> UnreadablePlan:
        """Nothing is in it: mostly the command before it failed."""
        return cls(name, f"is empty: {_HOW}, and see whether that command failed")

    @classmethod
    def too_big(cls, name: str, mebibytes: int) -> UnreadablePlan:
        """Nobody reviews that, and no machine of CI could hold it."""
        return cls(
            name, f"is larger than {mebibytes} MiB: a plan of 1,000 objects has about 5, so it is something else"
        )

    @classmethod
    def not_text(cls, name: str, advice: str = "") -> UnreadablePlan:
        """The bytes are no UTF-8."""
        return cls(name, f"is not UTF-8 text{advice}: {_HOW}")

    @classmethod
    def cut(cls, name: str, line: int) -> UnreadablePlan:
        """The JSON ends before it is complete."""
        return cls(name, f"is cut off in line {line}: {_HOW}, and see whether that command was killed")

    @classmethod
    def not_json(cls, name: str, line: int, column: int) -> UnreadablePlan:
        """It is no JSON at all."""
        return cls(name, f"is not JSON (line {line}, column {column}): {_HOW}")

    @classmethod
    def another(cls, name: str, what: str) -> UnreadablePlan:
        """It is JSON of something else."""
        return cls(name, f"is {what}, not a plan: {_HOW}")

    @classmethod
    def step(cls, name: str, number: int, said: str) -> UnreadablePlan:
        """One of its steps cannot be understood; counted from 1."""
        return cls(name, f"cannot be read: step {number} {said}; {_HOW}")

    @classmethod
    def unknown_operation(cls, name: str, number: int, operation: str, known: str) -> UnreadablePlan:
        """A later CLI does what this version has not heard of; guessing would be a review that is wrong."""
        return cls(
            name,
            f"comes from a newer Pulumi: step {number} is called {operation!r}, and this version knows what Pulumi CLI "
            f"{known} and earlier print; update billing-resources",
        )


class UnreadableCatalogs(ReviewError):  # noqa: N818 - reads as what happened
    """The comparison of two catalogs has another form."""

    @classmethod
    def version(cls, found: object) -> UnreadableCatalogs:
        """It was made by another version of the command."""
        return cls(f"the comparison of two catalogs is of version {found!r}, and this version reads 1")

    @classmethod
    def lacking(cls, what: str) -> UnreadableCatalogs:
        """Something is not there."""
        return cls(f"the comparison of two catalogs is not complete: {what}")


_HOW = "write it with `pulumi preview --json > plan.json` (or `billing preview --json`)"
