"""How usage is reported: `Billing.open(reporting=Reporting(...))`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from billing_runtime._outbox.problems import UsageProblem

_APIS = ("v1", "v2", "stream")
# Half of what Stripe waits for usage after a period: what is told at the end of a slice still comes in time.
_LONGEST = 1800


@dataclass(frozen=True, slots=True)
class Reporting:
    """Which of Stripe's ways takes usage, how finely it is told apart in time, and how fast it may go.

    `api` is "v1", "v2" (both one event in a call) or "stream" (a hundred in a call, judged later); what takes something
    back goes by v1 always, the only one that takes less than 1. Usage of `slice` seconds is one event. `per_second` is
    how many calls a process makes at most (None: 20 in test mode, 200 in live mode, no bound at another address than
    Stripe's), `threads` how many side by side. Usage that is told more than `grace` after the end of its period is in
    no invoice: Stripe's own grace period, an hour unless the account has set another. `on_problem` is called with
    everything that Stripe will not be told as it should, after it was logged; what it raises is logged.

    Raises InvalidInput.
    """

    api: Literal["v1", "v2", "stream"] = "v1"
    slice: int = 60
    per_second: int | None = None
    threads: int = 4
    grace: timedelta = timedelta(hours=1)
    on_problem: Callable[[UsageProblem], object] | None = None

    def __post_init__(self) -> None:
        if self.api not in _APIS:
            message = f"reporting: api must be one of {', '.join(_APIS)}."
            raise InvalidInput(message)
        for name, value, most in (
            ("slice", self.slice, _LONGEST),
            ("per_second", 1 if self.per_second is None else self.per_second, 10_000),
            ("threads", self.threads, 64),
        ):
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                message = f"reporting: {name} must be a whole number from 1 to {most}."
                raise InvalidInput(message)
