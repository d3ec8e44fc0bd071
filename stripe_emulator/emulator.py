"""The emulator itself: one instance holds all state and turns requests into responses, one at a time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from stripe_emulator import events, idempotency, permissions
from stripe_emulator.accounts import CONNECTED, Scope, scope_named, scope_of_request
from stripe_emulator.agenda import DUE, Due
from stripe_emulator.call import Call
from stripe_emulator.clock import Clock
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import requests as errors
from stripe_emulator.expand import Presenter
from stripe_emulator.hosted import Hosted
from stripe_emulator.ids import Ids, random_id
from stripe_emulator.messages import Request, Response
from stripe_emulator.objects import FOLLOWERS, KINDS, ROUTES, TASKS
from stripe_emulator.objects.time.clock_record import stand_at
from stripe_emulator.parameters import api_version, api_versions
from stripe_emulator.routing import Route, Router
from stripe_emulator.storage import Storage, Transaction
from stripe_emulator.stream_sessions import scope_of_stream
from stripe_emulator.validation import check
from stripe_emulator.validation_v2 import check_json
from stripe_emulator.versions import asked

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A request that may be executed: it has a key, a route and a version Stripe knows."""

    request: Request
    request_id: str
    scope: Scope
    route: Route
    path: dict[str, str]
    raw: dict[str, Any]
    version: str


class Emulator:
    """A pretended Stripe. Nothing is shared between two instances."""

    def __init__(
        self,
        storage: Storage | None = None,
        *,
        clock: Clock | None = None,
        ids: Ids | None = None,
        hosted: Hosted | None = None,
    ) -> None:
        self.storage = storage or Storage()
        self.hosted = hosted or Hosted()
        self.clock = clock or Clock()
        self.ids = ids or Ids(deterministic=False)
        self._keys = idempotency.IdempotencyKeys()
        self._router = Router(ROUTES)

    def prepare(self, request: Request, request_id: str) -> Prepared:
        """Check what every request needs, whatever it is about: a key, a version, a route, a readable body."""
        scope = self._scope(request)
        permissions.refuse_expired(self.storage, request)
        version = _version(request)
        route, path = self._router.find(request.method, request.path)
        permissions.require(self.storage, request, route.name, scope)
        return Prepared(request, request_id, scope, route, path, request.parameters(), version)

    def _scope(self, request: Request) -> Scope:
        streamed = scope_of_stream(self.storage, request, self.clock.now())
        return streamed or scope_of_request(request.headers, self.storage.table(*CONNECTED))

    def take_key(self, prepared: Prepared) -> None:
        """Hold the idempotency key while the request is in progress, or refuse if another one has it."""
        key = prepared.request.idempotency_key
        if key is not None:
            self._keys.begin(prepared.scope, key)

    def give_key(self, prepared: Prepared) -> None:
        """Give the idempotency key free."""
        key = prepared.request.idempotency_key
        if key is not None:
            self._keys.end(prepared.scope, key)

    def execute(self, prepared: Prepared) -> Response:
        """Answer, either again what the idempotency key was answered before, or anew."""
        store = Transaction(self.storage, prepared.scope.name)
        try:
            replayed = idempotency.replay(store, prepared.request, prepared.raw, self.clock.now())
            if replayed:
                return replayed
            reader = check_json if prepared.request.is_v2 else check
            params = reader(prepared.route.parameters, asked(prepared.route.name, prepared.raw, prepared.version))
        except StripeError as error:
            return self._refusal(error, prepared)  # nothing is kept: nothing was executed
        return self._run(prepared, store, params)

    def begin(self, scope: Scope, *, now: int | None = None) -> Call:
        """Return a call that no request makes: of a page, of the admin addresses, of time itself. `commit` ends it."""
        return Call(
            params={},
            path={},
            url="",
            scope=scope,
            now=self.clock.now() if now is None else now,
            api_version=api_version(),
            store=Transaction(self.storage, scope.name),
            storage=self.storage,
            ids=self.ids,
            hosted=self.hosted,
        )

    def commit(self, call: Call) -> None:
        """Make what a call changed stay, with what follows from it and the events it makes."""
        _tell(call)
        self.storage.late.note(call.store, self.clock.now())
        call.store.commit()

    def catch_up(self) -> None:
        """Do for every account what came due by its time, in the order in which it did."""
        for name in self.storage.agenda.scopes():
            self.run_due(scope_named(name), None, self.clock.now())

    def run_due(self, scope: Scope, clock: str | None, until: int, *, account_now: int | None = None) -> None:
        """Do what is due by a moment of a test clock, or of the account's own time."""
        while (due := self.storage.agenda.next(scope.name, clock, until)) is not None:
            if due.first is not None:
                self.run_due(scope, *due.first, account_now=due.at)
            call = self._begin_due(scope, clock, due, account_now)
            try:
                self._do(call, due)
            except Exception:  # noqa: BLE001 - a bug of ours must not stop time
                _LOG.exception("%s of %s failed inside the emulator", due.task, due.identifier)
                call = self._begin_due(scope, clock, due, account_now)
                call.store.remove(DUE, due.key)
            self.commit(call)

    def _begin_due(self, scope: Scope, clock: str | None, due: Due, account_now: int | None) -> Call:
        call = self.begin(scope, now=due.at)
        if clock is not None:
            call.account_now = self.clock.now() if account_now is None else account_now
        stand_at(call, clock, due.at)
        return call

    def _do(self, call: Call, due: Due) -> None:
        call.store.remove(DUE, due.key)  # first, since a task may ask for its next time
        TASKS[due.task](call, due.identifier)

    def keep(self, prepared: Prepared, response: Response) -> None:
        """Keep an answer that was made elsewhere (an injected fault) under the request's idempotency key."""
        store = Transaction(self.storage, prepared.scope.name)
        if not idempotency.is_known(store, prepared.request, self.clock.now()):
            self._finish(prepared, store, response)

    def _run(self, prepared: Prepared, store: Transaction, params: dict[str, Any]) -> Response:
        try:
            return self._finish(prepared, store, Response.of(200, self._answer(prepared, store, params)))
        except StripeError as error:
            response = self._refusal(error, prepared)
            if error.keeps:
                return self._finish(prepared, store, response)
        except Exception:  # noqa: BLE001 - a bug of ours must not take the server down
            _LOG.exception("%s %s failed inside the emulator", prepared.request.method, prepared.request.path)
            response = self._refusal(errors.unexpected(), prepared)
        # What the failed operation changed is dropped with its transaction; only the refusal is kept.
        return self._finish(prepared, Transaction(self.storage, prepared.scope.name), response)

    def _refusal(self, error: StripeError, prepared: Prepared) -> Response:
        return refusal(error, prepared.scope, prepared.request_id, v2=prepared.request.is_v2)

    def _answer(self, prepared: Prepared, store: Transaction, params: dict[str, Any]) -> dict[str, Any]:
        paths = params.pop("expand", [])
        call = Call(
            params=params,
            path=prepared.path,
            url=prepared.request.path,
            scope=prepared.scope,
            now=self.clock.now(),
            api_version=prepared.version,
            store=store,
            storage=self.storage,
            ids=self.ids,
            request_id=prepared.request_id,
            idempotency_key=prepared.request.idempotency_key,
            hosted=self.hosted.as_asked(prepared.request.headers),
        )
        presenter = Presenter(call, KINDS, prepared.version)
        try:
            shown = presenter.show(prepared.route.operation(call), paths)
        except StripeError as error:
            if error.keeps:
                _tell(call)
            raise
        _tell(call, presenter if presenter.is_newest else None)
        return shown

    def _finish(self, prepared: Prepared, store: Transaction, response: Response) -> Response:
        now = self.clock.now()
        idempotency.keep(store, prepared.request, prepared.raw, response, now=now, request_id=prepared.request_id)
        self.storage.late.note(store, now)
        store.commit()
        return response


def _tell(call: Call, presenter: Presenter | None = None) -> None:
    """Bring up to date what follows from a change, and make the events of all of it."""
    for follow in FOLLOWERS:
        follow(call)
    events.record(call, KINDS, presenter)


def refusal(error: StripeError, scope: Scope | None, request_id: str, *, v2: bool = False) -> Response:
    """Write an error as Stripe does; a v1 request that found its account has a link to its log entry."""
    body = error.body(v2=v2)
    if scope is not None and not v2:
        mode = "live" if scope.livemode else "test"
        body["error"]["request_log_url"] = f"https://dashboard.stripe.com/{mode}/logs/{request_id}"
    return Response.of(error.status, body, error.headers)


def new_request_id() -> str:
    """Return an id for the Request-Id header."""
    return random_id("req", 14)


def _version(request: Request) -> str:
    version = request.headers.get("stripe-version")
    if not version and request.is_v2:
        raise errors.no_version()
    version = version or api_version()
    if version not in api_versions():
        raise errors.bad_version(version)
    return version
