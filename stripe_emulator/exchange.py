"""One request from its arrival to its answer: logged, perhaps spoiled by a fault, and answered by the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripe_emulator.emulator import new_request_id, refusal
from stripe_emulator.errors import StripeError

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk
    from stripe_emulator.emulator import Emulator, Prepared
    from stripe_emulator.faults import Fault
    from stripe_emulator.messages import Request, Response
    from stripe_emulator.request_log import Entry


async def answer(desk: Desk, request: Request) -> Response:
    """Return the answer with the headers every answer has, or raise CutError."""
    request_id = new_request_id()
    entry = desk.log.begin(request, request_id, desk.emulator.clock.now())
    response = await _checked(desk, request, entry)
    entry.status = response.status
    entry.replayed = "Idempotent-Replayed" in response.headers
    return response.with_headers(_common(request, entry))


async def _checked(desk: Desk, request: Request, entry: Entry) -> Response:
    emulator = desk.emulator  # a reset puts another one in its place
    prepared = None
    try:
        emulator.catch_up()
        prepared = emulator.prepare(request, entry.request_id)
        _note(entry, prepared)
        with emulator.holding_key(prepared):
            response = await _processed(emulator, prepared, entry, desk.faults.take(request))
            _record(desk, prepared, response)
            emulator.catch_up()  # a test clock that was advanced arrives before the next request
            return response
    except StripeError as error:
        return refusal(error, prepared.scope if prepared else None, entry.request_id, v2=request.is_v2)


async def _processed(emulator: Emulator, prepared: Prepared, entry: Entry, fault: Fault | None) -> Response:
    if fault is None:
        return emulator.execute(prepared)
    entry.fault = fault.kind
    spoiled = await fault.before()
    if spoiled is not None:
        if fault.is_kept:
            emulator.keep(prepared, spoiled)
        return spoiled
    response = emulator.execute(prepared)
    await fault.after()
    return response


def _record(desk: Desk, prepared: Prepared, response: Response) -> None:
    if desk.recorder is not None and response.status < 300:
        desk.recorder.note(prepared)


def _note(entry: Entry, prepared: Prepared) -> None:
    entry.route = prepared.route.name
    entry.account = prepared.scope.account
    entry.livemode = prepared.scope.livemode
    entry.params = prepared.raw
    entry.api_version = prepared.version


def _common(request: Request, entry: Entry) -> dict[str, str]:
    headers = {"Request-Id": entry.request_id}
    if entry.api_version:
        headers["Stripe-Version"] = entry.api_version
    if request.idempotency_key:
        headers["Idempotency-Key"] = request.idempotency_key
    return headers
