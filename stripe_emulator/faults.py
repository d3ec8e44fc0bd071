"""Faults on demand: which requests go wrong, when, and how."""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import StripeError
from stripe_emulator.messages import Response

if TYPE_CHECKING:
    from stripe_emulator.messages import Request

KINDS = ("status", "latency", "cut_before", "cut_after", "pause_before", "pause_after")

_RATE_LIMITED = (
    "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn more "
    "about rate limits here https://stripe.com/docs/rate-limits."
)
_FAILED = "An unknown error occurred. If this persists, please contact us at https://support.stripe.com/."


class CutError(Exception):
    """The connection ends without an answer."""


@dataclass
class Fault:
    """One rule: the next `count` requests that match, after `skip` others, go wrong."""

    id: str
    kind: str
    method: str = "*"
    path: str = "*"
    count: int | None = 1  # None: for ever
    skip: int = 0
    status: int = 500
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    keep: bool | None = None  # under the idempotency key; by default only a 500, as Stripe does
    dropped: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def shown(self) -> dict[str, Any]:
        """Return the rule as data."""
        names = ("id", "kind", "method", "path", "count", "skip", "status", "seconds")
        return {**{name: getattr(self, name) for name in names}, "reached": self.reached.is_set()}

    def fits(self, request: Request) -> bool:
        """Say whether the rule is about this request."""
        return fnmatch.fnmatchcase(request.method, self.method) and fnmatch.fnmatchcase(request.path, self.path)

    @property
    def is_kept(self) -> bool:
        """Say whether the answer is remembered under the idempotency key."""
        return self.status == 500 if self.keep is None else self.keep

    async def before(self) -> Response | None:
        """Do what is to be done before the request is processed; a response replaces processing."""
        if self.kind == "latency":
            await self._pause(self.seconds)
        if self.kind == "pause_before":
            await self._pause()
        if self.kind == "cut_before":
            raise CutError
        return self._response() if self.kind == "status" else None

    async def after(self) -> None:
        """Do what is to be done once the request has been processed and its changes are kept."""
        if self.kind == "pause_after":
            await self._pause()
        if self.kind == "cut_after":
            raise CutError

    async def _pause(self, seconds: float | None = None) -> None:
        self.reached.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.released.wait(), seconds)
        if self.dropped:  # what began before a reset does not reach into the state after it
            raise CutError

    def _response(self) -> Response:
        body = self.body if self.body is not None else _usual_body(self.status)
        headers = {"Stripe-Rate-Limited-Reason": "endpoint-rate"} if self.status == 429 and self.body is None else {}
        return Response.of(self.status, body, {**headers, **self.headers})


class Faults:
    """The rules in force, in the order they were made."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._made = 0

    def add(self, given: dict[str, Any]) -> Fault:
        """Make a rule, or raise ValueError with one sentence."""
        names = set(Fault.__dataclass_fields__) - {"id", "dropped", "reached", "released"}
        if given.get("kind") not in KINDS:
            message = f"a fault's kind is one of {', '.join(KINDS)}"
            raise ValueError(message)
        if strangers := sorted(set(given) - names):
            message = f"a fault has no {', '.join(strangers)}; it has {', '.join(sorted(names))}"
            raise ValueError(message)
        self._made += 1
        rule = Fault(id=f"fault_{self._made}", **given)
        self._rules.append(rule)
        return rule

    def take(self, request: Request) -> Fault | None:
        """Return the first rule that applies now, and count it."""
        for rule in self._rules:
            if not rule.fits(request) or rule.count == 0:
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            rule.count = None if rule.count is None else rule.count - 1
            return rule
        return None

    def find(self, identifier: str) -> Fault | None:
        """Return the rule with this id."""
        return next((rule for rule in self._rules if rule.id == identifier), None)

    def all(self) -> list[Fault]:
        """Return every rule, used up or not."""
        return list(self._rules)

    def clear(self) -> None:
        """Forget every rule; whoever waits at a pause is cut off."""
        for rule in self._rules:
            rule.dropped = True
            rule.released.set()
        self._rules.clear()


def _usual_body(status: int) -> dict[str, Any]:
    if status == 429:
        return StripeError(_RATE_LIMITED, code="rate_limit").body()
    return StripeError(_FAILED, kind="api_error").body()
