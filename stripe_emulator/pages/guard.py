"""What holds for every page: refusals become pages, and forms of other sites are not listened to."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlsplit

from aiohttp import web

from stripe_emulator.pages.refusals import RefusedError, UnknownPageError
from stripe_emulator.pages.render import message

_LOG = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(handler: Handler) -> Handler:
    """Answer with a page whatever happens."""

    @wraps(handler)
    async def answer(http: web.Request) -> web.StreamResponse:
        """Call the handler, and make a page of whatever goes wrong."""
        if _is_foreign(http):
            return message("Not from here", "This form was sent by another site, and has been ignored.", status=403)
        try:
            return await handler(http)
        except UnknownPageError as error:
            return message("Not found", _sentence(error), status=404)
        except RefusedError as error:
            return message("This did not work", _sentence(error), status=400)
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 - a bug of ours is a page as well
            _LOG.exception("%s %s failed inside the emulator", http.method, http.path)
            return message("Something went wrong", "This is a bug of the emulator; its log says where.", status=500)

    return answer


def _is_foreign(http: web.Request) -> bool:
    origin = http.headers.get("Origin")
    return http.method != "GET" and origin is not None and urlsplit(origin).netloc != http.host


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
