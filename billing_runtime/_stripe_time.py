"""What time it is at Stripe, by the dates of its answers."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class StripeTime:
    """How far our clock is ahead of Stripe's; whole seconds, and as late as the last answer was."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.ahead = 0

    def note(self, headers: Mapping[str, str] | None) -> None:
        """An answer has come."""
        said = next((value for name, value in (headers or {}).items() if name.lower() == "date"), None)
        if said is None:
            return
        try:
            self.ahead = int(self._now() - parsedate_to_datetime(said).timestamp())
        except ValueError:  # a proxy's own idea of a date
            return
