"""The one place that talks to Stripe: the client, its retries, and its errors as ours.

The SDK repeats neither 429 nor `lock_timeout`, and a StripeClient repeats nothing at all unless told to; so it is told
not to, and every repetition happens here, under one idempotency key (https://docs.stripe.com/api/idempotent_requests).
"""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from billing_runtime._failures import Failure, failure_of
from billing_runtime._settings import STRIPE
from billing_runtime._stripe_time import StripeTime
from billing_runtime.errors import WrongAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stripe import StripeClient
    from stripe._request_options import RequestOptions

    from billing_runtime._settings import Settings
    from billing_runtime.errors import StripeCallError

Json = dict[str, Any]
_Filters = TypeVar("_Filters")
_TIMEOUT = 30
_PAGE = 100

#: The version whose shapes this package reads, whatever the account's default is.
API_VERSION = "2026-10-28.endive"


class _StripeObject(Protocol):
    def to_dict(self, recursive: bool = True, for_json: bool = False) -> Json: ...


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how long: `attempts` in all, waiting `first`, then twice as long each time, at most `longest`."""

    attempts: int = 5
    first: float = 0.5
    longest: float = 8.0

    def pause(self, attempt: int, hint: float | None) -> float:
        """Seconds to wait after this attempt; jitter keeps callers that failed together from returning together."""
        pause = min(self.longest, max(hint or 0.0, self.first * 2 ** (attempt - 1)))
        return float(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing


class StripeApi:
    """Calls to one account in one mode. Safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        *,
        retries: Retries | None = None,
        sleep: Callable[[float], None] = time.sleep,
        turn: Callable[[], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Make calls; `turn` returns when the next request may go, `now` is the time by our clock."""
        self._settings = settings
        self._turn = turn or (lambda: None)
        self._retries = retries or Retries()
        self._sleep = sleep
        self._counts = threading.local()
        self._account_lock = threading.Lock()
        self._account_checked = False
        self._client_here: tuple[int, StripeClient] | None = None
        self._time = StripeTime(now)

    @property
    def key(self) -> str:
        """The API key, for deriving other secrets; never to be shown."""
        return self._settings.api_key

    def pause(self, attempt: int) -> None:
        """Wait as long as after so many attempts, for a caller that repeats by itself."""
        self._sleep(self._retries.pause(attempt, None))

    @property
    def attempts(self) -> int:
        """How often a request is tried in all."""
        return self._retries.attempts

    @property
    def address(self) -> str:
        """Where requests go."""
        return self._settings.api_base

    @property
    def ahead(self) -> int:
        """By how many seconds our clock was ahead of Stripe's at its last answer; 0 if there was none."""
        return self._time.ahead

    def client_with(self, key: str) -> StripeClient:
        """A client of the same account with another key, such as the token of a session."""
        return self._new_client(key)

    @property
    def sent(self) -> int:
        """How many requests this thread has sent so far."""
        return getattr(self._counts, "sent", 0)

    def check_account(self) -> None:
        """Refuse to go on with the key of another account; asks Stripe once."""
        if self._account_checked:
            return
        with self._account_lock:
            if not self._account_checked:
                self._refuse_other_account()
                self._account_checked = True

    def read(self, doing: str, request: Callable[[StripeClient], _StripeObject]) -> Json:
        """The object a GET answers with."""
        self.check_account()
        return self._attempt(doing, request)

    def write(
        self,
        doing: str,
        key: str,
        request: Callable[[StripeClient, RequestOptions], _StripeObject],
        *,
        attempts: int | None = None,
    ) -> Json:
        """The object a POST answers with; every attempt carries the same idempotency key."""
        self.check_account()
        options: RequestOptions = {"idempotency_key": key}
        return self._attempt(doing, lambda client: request(client, options), attempts)

    def pages(
        self, doing: str, filters: _Filters, request: Callable[[StripeClient, _Filters], _StripeObject]
    ) -> Iterator[Json]:
        """Every object of a list, page by page."""
        place: Json = cast("Json", filters) | {"limit": _PAGE}
        while True:
            page = self.read(doing, lambda client: request(client, cast("_Filters", place)))  # noqa: B023 - used at once
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            place = place | {"starting_after": page["data"][-1]["id"]}

    def _attempt(
        self, doing: str, request: Callable[[StripeClient], _StripeObject], attempts: int | None = None
    ) -> Json:
        from stripe import StripeError

        most = attempts or self._retries.attempts
        for attempt in range(1, most + 1):
            self._turn()
            self._counts.sent = self.sent + 1
            try:
                answer = request(self._client)
                self._time.note(getattr(getattr(answer, "last_response", None), "headers", None))
                return answer.to_dict(for_json=True)
            except StripeError as error:
                self._time.note(error.headers)
                failure = failure_of(error)
                if not failure.passing or attempt == most:
                    raise self._named(failure, doing, attempt) from None
                self._sleep(self._retries.pause(attempt, failure.hint))
        raise AssertionError  # the last attempt returned or raised

    def _named(self, failure: Failure, doing: str, attempts: int) -> StripeCallError:
        return failure.named(doing, attempts=attempts, address=self._settings.api_base)

    def _refuse_other_account(self) -> None:
        account = self._attempt("read the account", lambda client: client.v1.accounts.retrieve_current())
        if account["id"] != self._settings.account:
            raise WrongAccount.of(self._settings.stack, expected=self._settings.account, actual=account["id"])

    @property
    def _client(self) -> StripeClient:
        """One per process: on connections carried over a fork, parent and child would read each other's answers."""
        if self._client_here is None or self._client_here[0] != os.getpid():
            self._client_here = os.getpid(), self._new_client(self._settings.api_key)
        return self._client_here[1]

    def _new_client(self, key: str) -> StripeClient:
        import stripe

        base = self._settings.api_base
        foreign = base != STRIPE
        return stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": base, "files": base, "connect": base, "meter_events": base} if foreign else {},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT),
        )
