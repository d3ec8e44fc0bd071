"""One attempt to deliver: a POST, and what came of it. https://docs.stripe.com/webhooks#handle-events"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import aiohttp

_EXCERPT = 200  # characters of a bad answer that are kept
TIMED_OUT = "timed out"
REFUSED = "connection refused"


@dataclass(frozen=True)
class Attempt:
    """What came of it; `status` is None where there was no answer."""

    at: int
    status: int | None = None
    error: str | None = None
    response: str | None = None

    @property
    def succeeded(self) -> bool:
        """Say whether the endpoint has got it."""
        return self.error is None

    def as_data(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)


def answered(at: int, status: int, text: str = "") -> Attempt:
    """Return what an answer means: a redirect is a failure, too."""
    if 200 <= status < 300:
        return Attempt(at, status)
    return Attempt(at, status, "redirected" if 300 <= status < 400 else f"answered {status}", text[:_EXCERPT] or None)


async def post(session: aiohttp.ClientSession, address: str, body: bytes, headers: dict[str, str], at: int) -> Attempt:
    """Send it, and return what came of it, whatever that is."""
    try:
        async with session.post(address, data=body, headers=headers, allow_redirects=False) as response:
            if 200 <= response.status < 300:
                return answered(at, response.status)  # whatever it says
            return answered(at, response.status, (await response.content.read(4 * _EXCERPT)).decode(errors="replace"))
    except TimeoutError:
        return Attempt(at, error=TIMED_OUT)
    except aiohttp.ClientConnectorError as error:
        refused = isinstance(error.os_error, ConnectionRefusedError)
        return Attempt(at, error=REFUSED if refused else "cannot connect")
    except (aiohttp.ClientError, OSError, ValueError):
        return Attempt(at, error="connection closed without an answer")
