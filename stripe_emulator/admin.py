"""The emulator's own addresses, below /_emulator: no key is needed."""

from __future__ import annotations

from aiohttp import web

from stripe_emulator.http import DESK


def add_routes(app: web.Application) -> None:
    """Register the admin addresses."""
    app.router.add_get("/_emulator/health", health)
    app.router.add_post("/_emulator/reset", reset)


async def health(_http: web.Request) -> web.Response:
    """Say that the emulator is there."""
    return web.json_response({"status": "ok"})


async def reset(http: web.Request) -> web.Response:
    """Forget everything."""
    http.app[DESK].reset()
    return web.json_response({"status": "ok"})
