"""Requests of the official client without a socket: made into ours, answered in the emulator's own thread.

The `stripe` package is not imported here: who uses it hands it over.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from stripe_emulator.faults import CutError
from stripe_emulator.messages import Request, Response

if TYPE_CHECKING:
    from types import ModuleType

Answer = Callable[[Request], "concurrent.futures.Future[Response]"]


class Headers(dict[str, str]):
    """The headers of an answer, found by their names in any case."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header, or the default."""
        return super().get(name.lower(), default)


def request_of(method: str, url: str, headers: Mapping[str, str] | None, body: Any) -> Request:
    """Return a request as it would have come over a socket."""
    address = urlsplit(url)
    content = body.encode() if isinstance(body, str) else body or b""
    given = {name.lower(): str(value) for name, value in (headers or {}).items()}
    return Request(method.upper(), unquote(address.path), address.query, {"host": address.netloc, **given}, content)


class _Asking:
    """The methods of a `stripe.HTTPClient`."""

    name = "stripe_emulator"
    lost: Any  # what the official client raises where a connection ends

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[bytes, int, Headers]:
        try:
            return _parts(self._answer(request_of(method, url, headers, post_data)).result())
        except CutError as cut:
            raise self.lost(_LOST, should_retry=True) from cut

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[bytes, int, Headers]:
        try:
            return _parts(await asyncio.wrap_future(self._answer(request_of(method, url, headers, post_data))))
        except CutError as cut:
            raise self.lost(_LOST, should_retry=True) from cut

    async def sleep_async(self, secs: float) -> None:
        await asyncio.sleep(secs)

    def close(self) -> None:
        """There is nothing to close."""

    async def close_async(self) -> None:
        """There is nothing to close."""


@cache
def client_class(stripe: ModuleType) -> Any:
    """Return a `stripe.HTTPClient` that has its answers from a function."""
    return type("Socketless", (_Asking, stripe.HTTPClient), {"lost": stripe.APIConnectionError})


_LOST = "Unexpected error communicating with Stripe: the emulator cut the connection, as a fault told it to."


def _parts(response: Response) -> tuple[bytes, int, Headers]:
    return response.body, response.status, Headers(response.headers)
