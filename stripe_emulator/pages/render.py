"""Pages as answers: templates that escape everything, and headers that forbid everything they do not need."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from aiohttp import web

from stripe_emulator.pages import money

if TYPE_CHECKING:
    from jinja2 import Environment

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action {targets}"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # without any referrer a form's Origin would be "null"
    "X-Content-Type-Options": "nosniff",
}


@cache
def environment() -> Environment:
    """Return the templates; they are loaded when the first page is asked for."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("stripe_emulator.pages", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"money": money.money, "date": money.date, "time": money.time}
    return made


def page(template: str, *, status: int = 200, outward: bool = False, **context: Any) -> web.Response:
    """Render a page; one whose form leads `outward` ends at the address that the integration named.

    Browsers hold a redirect after a form against `form-action`, and an integration may redirect once more.
    """
    text = environment().get_template(f"{template}.jinja").render(**context)
    policy = _POLICY.format(targets="http: https:" if outward else "'self'")
    headers = {**_HEADERS, "Content-Security-Policy": policy}
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=headers)


def message(title: str, sentence: str, *, status: int = 200, link: tuple[str, str] | None = None) -> web.Response:
    """Render a page that says one thing, perhaps with a link (text and address)."""
    return page("message", status=status, title=title, sentence=sentence, link=link)


def away(url: str) -> web.Response:
    """Send the visitor elsewhere, whatever the method was."""
    return web.Response(status=303, headers={**_HEADERS, "Location": url})
