"""Where Stripe reports to. https://docs.stripe.com/api/webhook_endpoints"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.events import ENABLED_EVENTS, FIRST_SIGNATURE, NEXT_SIGNATURE, how_many
from billing_review.telling.fields import Field, counts
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, DESCRIPTION, METADATA, switched

SECOND = "~2"
"""How the catalog names the second endpoint of ``rotate: 2``."""
_BEGINNING = (
    "This begins a change of the signing secret: both endpoints report every event, each with its own secret.",
    "The application has to know both secrets until one of the endpoints is removed.",
)


def _title(step: Step, _: Book) -> str:
    first = step.key.removesuffix(SECOND)
    return f"Webhook endpoint {first}" if first == step.key else f"Webhook endpoint {first}, the second one"


def _url(_: str, old: str | None, new: str | None) -> str:
    return f"Stripe reports to {new} instead of {old}"


def _connect(_: str, __: str | None, new: str | None) -> str:
    return f"receives events of {'connected accounts' if new == 'yes' else 'this account'}"


def _brief(args: Args, _: Book) -> Iterator[str]:
    yield f"receives {how_many(args.get('enabled_events') or ())} at {args.get('url')}"
    if args.get("disabled"):
        yield "switched off for now"


def _follows(step: Step, book: Book) -> Iterator[str]:
    partner = book.find("WebhookEndpoint", _partner(step.key))
    if step.operation == "create":
        yield from _BEGINNING if partner and step.key.endswith(SECOND) else (FIRST_SIGNATURE,)
    if step.operation == "delete" and partner and partner.new is not None:
        yield "This ends a change of the signing secret: only the remaining endpoint's secret counts from then on."
    elif step.operation == "delete":
        yield f"Stripe reports nothing to {(step.old or {}).get('url')} through it any more."
    if step.operation == "replace":
        yield NEXT_SIGNATURE


def _partner(key: str) -> str:
    """The other endpoint of a change of the signing secret."""
    return key.removesuffix(SECOND) if key.endswith(SECOND) else f"{key}{SECOND}"


tell_webhook_endpoint = plainly(
    Tale(
        noun="webhook endpoint",
        title=_title,
        gone="deleted, with its signing secret",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("url", "Address", said=_url),
            ENABLED_EVENTS,
            Field(
                "disabled",
                "Switched off",
                absent=False,
                said=switched("switched off, nothing is reported", "switched on again"),
            ),
            Field("api_version", "API version", said=counts),
            Field("connect", "Events of connected accounts", absent=False, said=_connect),
            DESCRIPTION,
            METADATA,
            ADOPT,
        ),
    )
)
