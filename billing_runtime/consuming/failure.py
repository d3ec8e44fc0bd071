"""What happens to a use when the store is away: `Billing.open(failure=FailureSettings(...))`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    import os

OnFailure = Literal["open", "closed"]
_KNOWN = ("open", "closed")


@dataclass(frozen=True, slots=True)
class FailureSettings:
    """Whether a use is allowed that cannot be counted, unless its call says so, and where it is written down.

    "closed" raises StoreError. "open" allows the use and writes it into `journal`, a file of this machine that is made
    when it is needed; it is counted when the store is back. Processes may share a journal. Raises InvalidInput.
    """

    on_failure: OnFailure = "closed"
    journal: str | os.PathLike[str] = ".billing/debts.jsonl"

    def __post_init__(self) -> None:
        checked(self.on_failure)

    def chosen(self, on_failure: OnFailure | None) -> OnFailure:
        """What a call has chosen, or the setting. Raises InvalidInput."""
        return self.on_failure if on_failure is None else checked(on_failure)


def checked(on_failure: OnFailure) -> OnFailure:
    """One of the two. Raises InvalidInput."""
    if on_failure not in _KNOWN:
        message = f'on_failure must be "open" or "closed", not {on_failure!r}.'
        raise InvalidInput(message)
    return on_failure
