"""One request from its arrival to its answer: logged, perhaps spoiled by a fault, and answered by the emulator."""

from __future__ import annotations

import logging
from email.utils import formatdate
from typing import TYPE_CHECKING

from stripe_emulator.emulator import new_request_id, refusal
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import requests as errors

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk
    from stripe_emulator.emulator import Prepared
    from stripe_emulator.faults import Fault
    from stripe_emulator.messages import Request, Response

_LOG = logging.getLogger(__name__)


class Exchange:
    """Answers one request: at once, unless a fault makes it wait."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self._desk = desk
        self._request = request
        self._emulator = desk.emulator  # a reset puts another one in its place
        self._entry = desk.log.begin(request, new_request_id(), desk.emulator.clock.now())
        self._prepared: Prepared | None = None
        self._fault: Fault | None = None

    def at_once(self) -> Response | None:
        """Return the answer, or None where a fault has to be waited for: then `in_time` returns it."""
        try:
            prepared = self._prepare()
            self._desk.limits.admit(prepared.scope, prepared.route.name, self._emulator.clock.now)
            self._emulator.take_key(prepared)
            self._fault = self._desk.faults.take(self._request)
            if self._fault is not None:
                self._desk.limits.begin(prepared.scope, prepared.route.name)
                return None
            try:
                return self._finished(self._executed(prepared))
            finally:
                self._emulator.give_key(prepared)
        except StripeError as error:
            return self._refused(error)
        except Exception:  # noqa: BLE001 - a bug of ours must not take the server down
            _LOG.exception("%s %s failed inside the emulator", self._request.method, self._request.path)
            return self._refused(errors.unexpected())

    async def in_time(self) -> Response:
        """Return the answer with what the fault does to it, or raise CutError."""
        prepared, fault = self._prepared, self._fault
        if prepared is None or fault is None:
            raise RuntimeError("nothing is waited for")
        self._entry.fault = fault.kind
        try:
            response = await fault.before()
            if response is None:
                response = self._executed(prepared)
                await fault.after(self._headed(response))
            elif fault.is_kept:
                self._emulator.keep(prepared, response)
            return self._finished(response)
        finally:
            self._desk.limits.end(prepared.scope, prepared.route.name)
            self._emulator.give_key(prepared)

    def _prepare(self) -> Prepared:
        self._emulator.catch_up()
        prepared = self._emulator.prepare(self._request, self._entry.request_id)
        self._prepared, entry = prepared, self._entry
        entry.route = prepared.route.name
        entry.account = prepared.scope.account
        entry.livemode = prepared.scope.livemode
        entry.params = prepared.raw
        entry.api_version = prepared.version
        return prepared

    def _executed(self, prepared: Prepared) -> Response:
        response = self._emulator.execute(prepared)
        if self._desk.recorder is not None and response.status < 300:
            self._desk.recorder.note(prepared)
        self._emulator.catch_up()  # a test clock that was advanced arrives before the next request
        return response

    def _refused(self, error: StripeError) -> Response:
        scope = self._prepared.scope if self._prepared else None
        return self._finished(refusal(error, scope, self._entry.request_id, v2=self._request.is_v2))

    def _finished(self, response: Response) -> Response:
        """Note the answer, and give it its headers."""
        self._entry.status = response.status
        self._entry.replayed = "Idempotent-Replayed" in response.headers
        return self._headed(response)

    def _headed(self, response: Response) -> Response:
        """Give an answer the headers every answer has."""
        entry = self._entry
        headers = {"Request-Id": entry.request_id, "Date": formatdate(self._emulator.clock.now(), usegmt=True)}
        if entry.api_version:
            headers["Stripe-Version"] = entry.api_version
        if self._request.idempotency_key:
            headers["Idempotency-Key"] = self._request.idempotency_key
        return response.with_headers(headers)


def not_kept() -> Response:
    """Return what is answered where the data file cannot be written: nobody may count on what was done."""
    return refusal(errors.not_written(), None, new_request_id())


def malformed() -> Response:
    """Return what is answered to what is no HTTP request."""
    return refusal(errors.malformed(), None, new_request_id())


async def answer(desk: Desk, request: Request) -> Response:
    """Return the answer, or raise CutError."""
    exchange = Exchange(desk, request)
    response = exchange.at_once()
    return await exchange.in_time() if response is None else response
