"""Subscriptions cannot be moved to another price as it was asked."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors.root import BillingError, without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence


class MigrationError(BillingError):
    """Subscriptions cannot be moved to another price as it was asked."""


class MigrationRefused(MigrationError):
    """The two prices or the options do not fit; `problems` lists every reason, and nothing was changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(without_secrets(problem) for problem in problems)
        if len(self.problems) == 1:
            super().__init__(self.problems[0])
        else:
            listed = "".join(f"\n  {problem}" for problem in self.problems)
            super().__init__(f"{len(self.problems)} problems, nothing was changed:{listed}")


class MigrationLocked(MigrationError):
    """Another migration of the same account is at work."""

    @classmethod
    def of(cls, account: str) -> MigrationLocked:
        """Name the account."""
        return cls(f"Another migration of account {account} is at work on this machine: wait until it has ended.")


class MigrationStopped(MigrationError):
    """A run could not go on; what it has moved stays moved, and `journal` knows what is left."""

    def __init__(self, why: str, journal: object) -> None:
        self.journal = str(journal)
        super().__init__(f"{why} The migration stopped there: go on with `billing migrate --resume {journal} --run`.")


class JournalInvalid(MigrationError):
    """The journal cannot be read or written, or is of another account, kind or version."""

    @classmethod
    def unreadable(cls, path: object) -> JournalInvalid:
        """Nothing can be read there."""
        return cls(f"The journal {path} cannot be read: is it the file that `billing migrate --run` named?")

    @classmethod
    def line(cls, path: object, number: int, why: str) -> JournalInvalid:
        """A line is not as the format has it."""
        return cls(f"The journal {path} is broken: line {number} {why}.")

    @classmethod
    def too_new(cls, path: object, version: object, known: int) -> JournalInvalid:
        """A later version wrote it."""
        return cls(f"The journal {path} has version {version}, this package reads up to {known}: upgrade it.")

    @classmethod
    def other_account(cls, path: object, *, theirs: str, ours: str) -> JournalInvalid:
        """It is about another account or mode."""
        return cls(f"The journal {path} is about {theirs}, the stack and its key about {ours}: nothing was changed.")

    @classmethod
    def unfinished_plan(cls, path: object) -> JournalInvalid:
        """The run died while it planned."""
        return cls(f"The journal {path} ends before its plan was complete, so nothing was changed: start anew.")

    @classmethod
    def exists(cls, path: object) -> JournalInvalid:
        """A new journal would overwrite something."""
        return cls(f"There is a file {path} already: a journal is never written over; name another one.")

    @classmethod
    def unwritable(cls, path: object, why: str) -> JournalInvalid:
        """What must be remembered cannot be."""
        return cls(f"The journal {path} cannot be written ({why}): nothing is changed that is not written down first.")


class PermissionMissing(MigrationError):
    """A restricted key may not do what is needed; `object` and `verb` say what that is."""

    def __init__(self, doing: str, needed: str, verb: str, request_id: str | None) -> None:
        self.object, self.verb, self.request_id = needed, verb, request_id
        request = f" [{request_id}]" if request_id else ""
        super().__init__(
            f"Could not {doing}: the restricted key lacks the permission {needed}: {verb}{request}. Give it to the key "
            "in the Dashboard under API keys."
        )
