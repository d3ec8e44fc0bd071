"""Where the pages are."""

from __future__ import annotations

from aiohttp import web

from stripe_emulator.pages import admin, checkout
from stripe_emulator.pages.assets import asset


def add_routes(app: web.Application) -> None:
    """Register the pages' addresses."""
    app.router.add_routes(
        [
            web.get("/_/assets/{name}", asset),
            web.get("/c/pay/{id}", checkout.show),
            web.post("/c/pay/{id}", checkout.submit),
            web.get("/c/pay/{id}/authenticate", checkout.ask),
            web.post("/c/pay/{id}/authenticate", checkout.authenticate),
            web.get("/c/pay/{id}/thanks", checkout.thanks),
            web.get("/c/recover/{id}", checkout.recover),
            web.post("/_emulator/portal_sessions/{id}/{action}", admin.portal),
            web.post("/_emulator/checkout_sessions/{id}/complete", admin.complete_checkout),
            web.post("/_emulator/checkout_sessions/{id}/recover", admin.recover_checkout),
        ]
    )
