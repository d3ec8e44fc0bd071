"""The ready applications, over HTTP and as ASGI servers drive them: what Stripe is answered, and when."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from billing_runtime._inbox.notification import LIMIT
from billing_runtime.webhooks import asgi_app, wsgi_app
from tests.billing_runtime.inbox.conftest import SECRET, Time, about, event, signature

if TYPE_CHECKING:
    from billing_runtime import Billing
    from billing_runtime.webhooks import AsgiApp, Message
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
Call = Callable[..., tuple[int, Json]]
UPDATED = event("customer.subscription.updated", about("sub_1", "cus_1"), id="evt_1")


class Quiet(WSGIRequestHandler):
    """A handler that writes no log."""

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - as it is called there
        """Say nothing."""


@contextmanager
def served(app: Any) -> Iterator[int]:
    """The port of a real server that runs the application."""
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def over_wsgi(billing: Billing, **settings: Any) -> Iterator[Call]:
    """Requests to the WSGI application, over HTTP."""
    with served(wsgi_app(billing, **settings)) as port:

        def call(method: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json]:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request(method, "/stripe", body, headers)
            answer = connection.getresponse()
            content = json.loads(answer.read())
            connection.close()
            return answer.status, content

        yield call


def over_asgi(billing: Billing, **settings: Any) -> Iterator[Call]:
    """Requests to the ASGI application, as a server hands them over: the body in pieces."""
    app = asgi_app(billing, **settings)

    def call(method: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json]:
        return asyncio.run(requested(app, method, body, headers))

    yield call


async def requested(app: AsgiApp, method: str, body: bytes, headers: dict[str, str]) -> tuple[int, Json]:
    """One request to an ASGI application."""
    pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]
    messages = iter({"type": "http.request", "body": piece, "more_body": piece is not pieces[-1]} for piece in pieces)
    sent: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    fields = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": method, "headers": fields}, receive, send)
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent))


@pytest.fixture(params=[over_wsgi, over_asgi], ids=["wsgi", "asgi"])
def call(request: pytest.FixtureRequest, billing: Billing) -> Iterator[Call]:
    """Requests to each application, which does not work on what it takes in."""
    yield from request.param(billing, work=False)


def signed(body: bytes, clock: Time) -> dict[str, str]:
    """The headers of a webhook."""
    return {"Stripe-Signature": signature(body, clock.unix), "Content-Length": str(len(body))}


def test_a_webhook_is_kept_and_answered(call: Call, billing: Billing, clock: Time) -> None:
    """Stripe must hear 200 for an event, and for its repetition, and the event be there."""
    body = json.dumps(UPDATED).encode()
    assert call("POST", body, signed(body, clock)) == (200, {"received": True, "id": "evt_1", "new": True})
    assert call("POST", body, signed(body, clock)) == (200, {"received": True, "id": "evt_1", "new": False})
    assert billing.inbox.lag().waiting == 1


def test_bad_requests_are_told_why(call: Call, clock: Time) -> None:
    """Each kind of bad request must have its own status and sentence, which Stripe shows in its dashboard."""
    body = json.dumps(UPDATED).encode()
    headers = signed(body, clock)
    assert call("GET", b"", {})[0] == 405
    assert call("POST", body, {"Content-Length": str(len(body))})[0] == 400
    status, said = call("POST", body + b" ", headers | {"Content-Length": str(len(body) + 1)})
    assert (status, "signature was not made with" in said["error"]) == (400, True)
    status, said = call("POST", b"no JSON", signed(b"no JSON", clock))
    assert (status, "it is no JSON" in said["error"]) == (400, True)


def test_what_is_too_large_is_not_read(call: Call) -> None:
    """A body that is announced as too large must be refused before it is read."""
    assert call("POST", b"", {"Content-Length": str(LIMIT + 1)})[0] == 413


@pytest.mark.sqlite_file
def test_a_store_that_is_away_makes_stripe_send_again(call: Call, billing: Billing, clock: Time, tmp_path: Any) -> None:
    """What could not be kept must be answered with 503, without the reason, and be kept when it comes again."""
    database = tmp_path / "runtime.db"
    billing.close()
    for file in tmp_path.glob("runtime.db*"):
        file.rename(tmp_path / f"away-{file.name}")
    database.mkdir()
    body = json.dumps(UPDATED).encode()
    assert call("POST", body, signed(body, clock)) == (
        503,
        {"error": "The webhook could not be kept: send it again."},
    )
    database.rmdir()
    for file in tmp_path.glob("away-*"):
        file.rename(tmp_path / file.name.removeprefix("away-"))
    assert call("POST", body, signed(body, clock))[0] == 200


def test_a_body_without_an_end_is_cut(billing: Billing, clock: Time) -> None:
    """A sender that does not say how much comes must not fill the memory: no more than the limit is read."""
    read: list[int] = []
    sent: list[Message] = []

    async def receive() -> Message:
        read.append(65536)
        return {"type": "http.request", "body": b" " * 65536, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"stripe-signature", b"t=1,v1=" + b"a" * 64)]
    asyncio.run(asgi_app(billing, work=False)({"type": "http", "method": "POST", "headers": headers}, receive, send))
    assert sent[0]["status"] == 413
    assert sum(read) <= LIMIT + 65536


def test_wsgi_needs_to_know_the_length(billing: Billing) -> None:
    """Without a length a WSGI server would wait for ever: it must be asked for."""
    said: list[str] = []
    wsgi_app(billing, work=False)({"REQUEST_METHOD": "POST"}, lambda status, _: said.append(status))
    wsgi_app(billing, work=False)(
        {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "5x"}, lambda status, _: said.append(status)
    )
    assert said == ["411 Length Required", "400 Bad Request"]


def test_a_server_tells_it_to_live_and_to_end(billing: Billing) -> None:
    """ASGI servers must get their answers at the beginning and at the end, where a worker ends in good order."""
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return dict(next(messages))

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(asgi_app(billing)({"type": "lifespan"}, receive, send))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_from_stripes_change_to_the_cache(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: Any,
) -> None:
    """The emulated Stripe's own delivery must reach the cache through the application, worked on in its process."""
    heard = threading.Event()
    endpoint = stripe_client.v1.webhook_endpoints.create(
        {"url": "https://app.example.com/stripe", "enabled_events": ["*"], "api_version": "2026-10-28.endive"}
    )
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, webhook_secrets=endpoint.secret)
    billing.on("customer.updated", lambda _: heard.set())
    with served(wsgi_app(billing)) as port:
        stripe_emulator.forward({"https://app.example.com": f"http://127.0.0.1:{port}"})
        customer = billing.customers.ensure("org_1", kind="organization").id
        billing.subscribe("org_1", price="team.monthly")
        stripe_client.v1.customers.update(customer, {"description": "changed"})
        stripe_emulator.wait_for_deliveries()
        assert heard.wait(30)
    assert billing.subscription("org_1").status == "trialing"
    assert SECRET not in str(billing.inbox.waiting())
