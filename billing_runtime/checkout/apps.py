"""Return links over WSGI (PEP 3333) and ASGI (https://asgi.readthedocs.io), with nothing else needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


class _Answer(Protocol):
    @property
    def location(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def status(self) -> int: ...


Handle = Callable[[str], _Answer]
_Message = MutableMapping[str, Any]
_SENTENCES = {
    "expired": "This link has expired. Please go back to the application.",
    "signature": "This link is not valid. Please go back to the application.",
}
_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class WsgiApp:
    """A WSGI application."""

    handle: Handle

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, headers, body = _answered(environ["REQUEST_METHOD"], environ.get("QUERY_STRING", ""), self.handle)
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]


@dataclass(frozen=True, slots=True)
class AsgiApp:
    """An ASGI application; what blocks runs in a thread."""

    handle: Handle

    async def __call__(
        self,
        scope: _Message,
        receive: Callable[[], Awaitable[_Message]],
        send: Callable[[_Message], Awaitable[None]],
    ) -> None:
        """Answer one request, and the questions of a server that starts and stops."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        query = bytes(scope.get("query_string", b"")).decode("ascii", "replace")
        status, headers, body = await asyncio.to_thread(_answered, scope["method"], query, self.handle)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": status.value, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def _answered(method: str, query: str, handle: Handle) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
    if method not in _METHODS:
        return HTTPStatus.METHOD_NOT_ALLOWED, _headers(("Allow", "GET, HEAD")), b""
    answer = handle(query)
    if answer.location is None:
        sentence = _SENTENCES[answer.reason or "signature"].encode()
        return HTTPStatus(answer.status), _headers(body=sentence), sentence
    return HTTPStatus(answer.status), _headers(("Location", answer.location)), b""


def _headers(*own: tuple[str, str], body: bytes = b"") -> list[tuple[str, str]]:
    # The link is the customer's alone: neither caches nor the next page's Referer are to have it.
    safe = [("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")]
    return [*own, *safe, ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]


async def _live(receive: Callable[[], Awaitable[_Message]], send: Callable[[_Message], Awaitable[None]]) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
