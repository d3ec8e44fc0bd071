"""What `billing review` answers, and plans to give it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.billing_review.reading.plans import plan, stack_step, state, step

SEAT: dict[str, Any] = {
    "product": "prod_team",
    "currency": "usd",
    "unit_amount": 1200,
    "recurring": {"interval": "month"},
    "seats": {"mode": "follow"},
    "lookup_key": "team_seat",
}
HEADLINE = "12.00 → 14.00 USD a seat and month (+16.7 %)"


def seat(amount: int, **more: Any) -> dict[str, Any]:
    """The price of a seat."""
    return state("Price", "team.seat", {**SEAT, "unit_amount": amount}, plan="team", **more)


def dearer(**more: Any) -> str:
    """A plan that makes seats dearer, above the limit of 10 %."""
    old = seat(1200, id="price_old", outputs={"account": "acct_1", "livemode": False})
    return plan(stack_step(), step("replace", old, seat(1400), changes={"unit_amount": "update-replace"}), **more)


@dataclass(frozen=True)
class Answer:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The report, if it is JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Review = Callable[..., Answer]


def refused(answer: Answer) -> str:
    """The one sentence of a refusal, which shows nothing else."""
    assert (answer.code, answer.out) == (1, "")
    assert "Traceback" not in answer.err
    return answer.err.removeprefix("error: ").strip()
