"""Where the pages are."""

from __future__ import annotations

from aiohttp import web

from stripe_emulator.http import stripe
from stripe_emulator.pages import admin, checkout, controls, dashboard, invoice, portal
from stripe_emulator.pages.assets import asset
from stripe_emulator.pages.render import away


def add_routes(app: web.Application) -> None:
    """Register the pages' addresses."""
    app.router.add_routes(
        [
            web.get("/_/assets/{name}", asset),
            web.get("/", to_dashboard),
            web.get("/_", to_dashboard),
            web.get("/_/", dashboard.overview),
            web.get("/_/requests", dashboard.requests),
            web.get("/_/requests/{number}", dashboard.request),
            web.get("/_/events", dashboard.events),
            web.post("/_/events/{id}", dashboard.resend_event),
            web.get("/_/clock", controls.clock),
            web.post("/_/clock", controls.set_clock),
            web.get("/_/faults", controls.faults),
            web.post("/_/faults", controls.change_faults),
            web.get("/_/{account}/{mode:test|live}", dashboard.account),
            web.get("/_/{account}/{mode:test|live}/{kind}", dashboard.kind),
            web.get("/_/{account}/{mode:test|live}/{kind}/{id}", dashboard.one),
            web.get("/_/{path:.*}", dashboard.nothing),
            web.get("/c/pay/{id}", checkout.show),
            web.post("/c/pay/{id}", checkout.submit),
            web.get("/c/pay/{id}/authenticate", checkout.ask),
            web.post("/c/pay/{id}/authenticate", checkout.authenticate),
            web.get("/c/pay/{id}/thanks", checkout.thanks),
            web.get("/c/recover/{id}", checkout.recover),
            web.get("/i/{account}/{id}", invoice.show),
            web.post("/i/{account}/{id}", invoice.pay),
            web.get("/i/{account}/{id}/pdf", invoice.pdf),
            web.get("/i/{account}/{id}/authenticate", invoice.ask),
            web.post("/i/{account}/{id}/authenticate", invoice.authenticate),
            web.get("/p/session/{id}", portal.home),
            web.get("/p/session/{id}/{step}", portal.step),
            web.post("/p/session/{id}/{step}", portal.submit),
            web.post("/_emulator/portal_sessions/{id}/{action}", admin.portal),
            web.post("/_emulator/checkout_sessions/{id}/complete", admin.complete_checkout),
            web.post("/_emulator/checkout_sessions/{id}/recover", admin.recover_checkout),
        ]
    )


async def to_dashboard(http: web.Request) -> web.StreamResponse:
    """Lead browsers to the dashboard; Stripe's clients get at `/` what Stripe answers there."""
    if http.path == "/" and "text/html" not in http.headers.get("Accept", ""):
        return await stripe(http)
    return away("/_/")
