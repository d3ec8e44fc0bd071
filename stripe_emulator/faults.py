"""Faults on demand: which requests go wrong, when, and how."""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from stripe_emulator.countdown import strikes
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import limits as limited
from stripe_emulator.messages import Response
from stripe_emulator.plain_http import head_of

if TYPE_CHECKING:
    from stripe_emulator.messages import Request

KINDS = ("status", "latency", "cut_before", "cut_after", "pause_before", "pause_after", "partial", "stall", "lock")

_FAILED = "An unknown error occurred. If this persists, please contact us at https://support.stripe.com/."


class CutError(Exception):
    """The connection ends without an answer, or with a part of one, perhaps only after a while."""

    def __init__(self, part: bytes = b"", until: asyncio.Event | None = None) -> None:
        super().__init__("cut")
        self._part = part
        self._until = until

    async def wait(self) -> None:
        """Return when the connection is to end."""
        if self._until is not None:
            await self._until.wait()

    async def end(self, transport: asyncio.Transport) -> None:
        """Send what there is of an answer, and end the connection."""
        transport.write(self._part)
        await self.wait()
        if self._part and self._until is None:
            transport.close()  # what was written arrives
        else:
            transport.abort()


@dataclass
class Fault:
    """One rule: the next `count` requests that match, after `skip` others, go wrong."""

    id: str
    kind: str
    method: str = "*"
    path: str = "*"
    containing: str = ""  # a text of the body, such as a customer's id
    count: int | None = 1  # None: for ever
    skip: int = 0
    status: int = 500
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    reason: str = "endpoint-rate"  # of a 429
    should_retry: bool | None = None  # what the answer says about trying again; nothing by default
    keep: bool | None = None  # under the idempotency key; by default only a 500, as Stripe does
    dropped: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def shown(self) -> dict[str, Any]:
        """Return the rule as data."""
        names = ("id", "kind", "method", "path", "containing", "count", "skip", "status", "seconds")
        return {**{name: getattr(self, name) for name in names}, "reached": self.reached.is_set()}

    def fits(self, request: Request) -> bool:
        """Say whether the rule is about this request."""
        if not (fnmatch.fnmatchcase(request.method, self.method) and fnmatch.fnmatchcase(request.path, self.path)):
            return False
        return self.containing in unquote_plus(request.body.decode(errors="replace"))

    @property
    def is_kept(self) -> bool:
        """Say whether the answer is remembered under the idempotency key."""
        return self.kind == "status" and self.status == 500 if self.keep is None else self.keep

    async def before(self) -> Response | None:
        """Do what is to be done before the request is processed; a response replaces processing."""
        if self.kind == "latency":
            await self._pause(self.seconds)
        if self.kind == "pause_before":
            await self._pause()
        if self.kind == "cut_before":
            raise CutError
        return self._response() if self.kind in ("status", "lock") else None

    async def after(self, response: Response) -> None:
        """Do what is to be done once the request has been processed and its changes are kept."""
        if self.kind == "pause_after":
            await self._pause()
        if self.kind == "cut_after":
            raise CutError
        if self.kind == "partial":
            raise CutError(head_of(response) + response.body[: len(response.body) // 2])
        if self.kind == "stall":
            self.reached.set()
            raise CutError(head_of(response), self.released)

    async def _pause(self, seconds: float | None = None) -> None:
        self.reached.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.released.wait(), seconds)
        if self.dropped:  # what began before a reset does not reach into the state after it
            raise CutError

    def _response(self) -> Response:
        if self.kind == "lock":
            return self._as_written(limited.locked())
        if self.status == 429 and self.body is None:
            return self._as_written(limited.too_many(self.reason))
        body = self.body if self.body is not None else StripeError(_FAILED, kind="api_error").body()
        return Response.of(self.status, body, self._headers())

    def _as_written(self, error: StripeError) -> Response:
        return Response.of(error.status, error.body(), {**error.headers, **self._headers()})

    def _headers(self) -> dict[str, str]:
        advice = {} if self.should_retry is None else {"Stripe-Should-Retry": str(self.should_retry).lower()}
        return {**advice, **self.headers}


_TYPES: dict[str, tuple[type, ...]] = {
    "method": (str,), "path": (str,), "count": (int, NoneType), "skip": (int,), "status": (int,),
    "body": (dict, NoneType), "headers": (dict,), "seconds": (int, float), "keep": (bool, NoneType),
    "should_retry": (bool, NoneType),
}  # fmt: skip


def _check_types(given: dict[str, Any]) -> None:
    for name, types in _TYPES.items():
        if name in given and not isinstance(given[name], types):
            message = f"a fault's {name} is {' or '.join(one.__name__ for one in types)}"
            raise ValueError(message)
    if not 200 <= given.get("status", 200) <= 599:
        message = "a fault's status is between 200 and 599"
        raise ValueError(message)


class Faults:
    """The rules in force, in the order they were made."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._made = 0

    def add(self, given: dict[str, Any]) -> Fault:
        """Make a rule, or raise ValueError with one sentence."""
        names = set(Fault.__dataclass_fields__) - {"id", "dropped", "reached", "released"}
        if given.get("reason", limited.REASONS[0]) not in limited.REASONS:
            message = f"a fault's reason is one of {', '.join(limited.REASONS)}"
            raise ValueError(message)
        if given.get("kind") not in KINDS:
            message = f"a fault's kind is one of {', '.join(KINDS)}"
            raise ValueError(message)
        if strangers := sorted(set(given) - names):
            message = f"a fault has no {', '.join(strangers)}; it has {', '.join(sorted(names))}"
            raise ValueError(message)
        _check_types(given)
        self._made += 1
        rule = Fault(id=f"fault_{self._made}", **given)
        self._rules.append(rule)
        return rule

    def take(self, request: Request) -> Fault | None:
        """Return the first rule that applies now, and count it."""
        for rule in self._rules:
            if rule.fits(request) and strikes(rule):
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
