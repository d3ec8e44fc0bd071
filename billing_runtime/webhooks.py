"""The address Stripe calls, as ready applications: `asgi_app(billing)` and `wsgi_app(billing)`.

Mount one at the path of the stack's webhook endpoint. A webhook is answered with 200 only after it is on disk; a store
that is away, busy or full is answered with 503, and Stripe sends the webhook again (https://docs.stripe.com/webhooks).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from billing_runtime._inbox.notification import LIMIT
from billing_runtime.errors import BillingError, WebhookMalformed, WebhookRefused, WebhookTooLarge

if TYPE_CHECKING:
    from billing_runtime._worker.worker import Worker
    from billing_runtime.billing import Billing

__all__ = ["Answer", "answer", "asgi_app", "wsgi_app"]

_log = logging.getLogger("billing_runtime.webhooks")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WsgiApp = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]

# As many webhooks wait for the disk together as there are threads: they share its commits.
_THREADS = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """What Stripe is told."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The body as JSON."""
        return json.dumps(self.body).encode()

    @property
    def fields(self) -> dict[str, str]:
        """Every header."""
        length = str(len(self.content))
        return {"content-type": "application/json", "content-length": length, **self.headers}


def answer(billing: Billing, payload: bytes, signature: str | None) -> Answer:
    """Take a webhook in, and say what Stripe is to be told. For frameworks with applications of another form."""
    try:
        receipt = billing.webhook(payload, signature)
    except WebhookRefused as refusal:
        _log.warning("webhook refused: %s", refusal)
        return Answer(refusal.status, {"error": str(refusal)})
    except BillingError as error:
        _log.error("webhook not kept: %s", error)
        return Answer(503, {"error": "The webhook could not be kept: send it again."}, {"retry-after": "10"})
    return Answer(200, {"received": True, "id": receipt.event_id, "new": receipt.new})


def wsgi_app(billing: Billing, *, work: bool = True) -> WsgiApp:
    """A WSGI application (PEP 3333) that takes webhooks in.

    With `work` a thread of this process works on them, from the first one on; without, `billing worker` is to run.
    """
    worker = billing.worker() if work else None

    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        found = _refused(environ["REQUEST_METHOD"], environ.get("CONTENT_LENGTH") or None)
        if found is None and not environ.get("CONTENT_LENGTH") and not environ.get("wsgi.input_terminated"):
            found = Answer(411, {"error": "A webhook needs a Content-Length."})
        if found is None:
            wanted = int(environ.get("CONTENT_LENGTH") or LIMIT + 1)
            found = answer(billing, environ["wsgi.input"].read(wanted), environ.get("HTTP_STRIPE_SIGNATURE"))
        if worker is not None and found.status == 200:
            worker.start()
        start_response(f"{found.status} {HTTPStatus(found.status).phrase}", list(found.fields.items()))
        return [found.content]

    return app


class AsgiApp:
    """An ASGI application. An object, so that a framework's route for exactly one address takes it as one.

    A mount below `/stripe` would redirect `/stripe` to `/stripe/`, and Stripe follows no redirects: with Starlette and
    FastAPI, `app.router.routes.append(Route("/stripe", asgi_app(billing), methods=["POST"]))`.
    """

    def __init__(self, billing: Billing, worker: Worker | None) -> None:
        self._billing, self._worker = billing, worker
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="billing-webhook")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, and the questions of a server that starts and stops."""
        if scope["type"] == "lifespan":
            await _live(receive, send, self._worker.stop if self._worker else None)
        elif scope["type"] == "http":
            found = await self._answer(scope, receive)
            fields = [(name.encode(), value.encode()) for name, value in found.fields.items()]
            await send({"type": "http.response.start", "status": found.status, "headers": fields})
            await send({"type": "http.response.body", "body": found.content})

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        found = _refused(scope["method"], headers.get(b"content-length"))
        if found is not None:
            return found
        body, signature = await _body(receive), headers.get(b"stripe-signature")
        keep = asyncio.get_running_loop().run_in_executor
        found = await keep(self._threads, answer, self._billing, body, signature)
        if self._worker is not None and found.status == 200:
            self._worker.start()
        return found


def asgi_app(billing: Billing, *, work: bool = True) -> AsgiApp:
    """An ASGI application that takes webhooks in, without holding the event loop up.

    With `work` a thread of this process works on them, from the first one on; without, `billing worker` is to run.
    """
    return AsgiApp(billing, billing.worker() if work else None)


async def _body(receive: Receive) -> bytes:
    """The body, of which no more is read than may be: the rest is refused by its size."""
    parts: list[bytes] = []
    more, size = True, 0
    while more and size <= LIMIT:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False) and message["type"] == "http.request"
    return b"".join(parts)


async def _live(receive: Receive, send: Send, stop: Callable[[], None] | None) -> None:
    """The server's own beginning and end: what a worker has begun is finished first."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown" and stop is not None:
            await asyncio.to_thread(stop)
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _refused(method: str, length: str | None) -> Answer | None:
    """What can be said before the body is read."""
    if method != "POST":
        return Answer(405, {"error": "Webhooks are sent with POST."}, {"allow": "POST"})
    if length is not None and not (length.isascii() and length.isdigit()):
        return Answer(400, {"error": str(WebhookMalformed.of("its Content-Length is no number"))})
    if length is not None and int(length) > LIMIT:
        refusal = WebhookTooLarge.of(LIMIT)
        return Answer(refusal.status, {"error": str(refusal)})
    return None
