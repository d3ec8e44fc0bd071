"""The application. Everything about money is one call of `billing`; the rest is ordinary FastAPI.

- `/stripe` is where Stripe's webhooks arrive: `billing_runtime.webhooks.asgi_app`.
- `/return` is where customers come back from Stripe's pages: `billing.returns.asgi`, which syncs before it redirects.
- Who may do what is asked of `billing` itself, with the role that `People` knows.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Route

from billing_runtime import Billing, BillingError, CheckoutSettings, Permissions
from billing_runtime.webhooks import asgi_app
from examples.saas.pages import home, members, money, welcome
from examples.saas.people import People
from examples.saas.site import HERE, LATER, NotSignedInError, Site, templates


def create_app(billing: Billing, people: People, *, secret: str) -> FastAPI:
    """The application of one stack."""
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.site = Site(billing, people)
    app.add_middleware(SessionMiddleware, secret_key=secret, same_site="lax")
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    # Routes, not mounts: a mount would redirect /stripe to /stripe/, and Stripe follows no redirects.
    app.router.routes.append(Route("/stripe", asgi_app(billing), methods=["POST"]))
    app.router.routes.append(Route("/return", billing.returns.asgi))
    for pages in (welcome, home, money, members):
        app.include_router(pages.router)
    app.add_exception_handler(NotSignedInError, _sign_in_first)
    app.add_exception_handler(BillingError, _tell)
    return app


def opening(base: str, people: People) -> dict[str, Any]:
    """What `Billing.open` is told about this application: its addresses, and who is what in an organization."""
    pages = CheckoutSettings(
        success_url=f"{base}/",
        cancel_url=f"{base}/",
        portal_return_url=f"{base}/",
        return_url=f"{base}/return",
        failed_url=f"{base}/",
        allow_promotion_codes=True,
    )
    return {"checkout": pages, "permissions": Permissions(membership=people.role)}


async def _sign_in_first(_: Request, __: Exception) -> Response:
    return RedirectResponse("/welcome", LATER)


async def _tell(request: Request, error: Exception) -> Response:
    """Every refusal of `billing` is one sentence that may be shown."""
    return templates.TemplateResponse(request, "refused.html", {"sentence": str(error)}, status_code=400)
