"""One thing that was looked at, and what was seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what was seen; what is wrong says what to do next."""

    check: str
    state: State
    said: str

    def to_dict(self) -> dict[str, str]:
        """As JSON values."""
        return asdict(self)
