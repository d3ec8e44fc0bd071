"""Where Stripe reports to. https://docs.stripe.com/api/webhook_endpoints"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.events import ENABLED_EVENTS, FIRST_SIGNATURE, NEXT_SIGNATURE, how_many
from billing_review.telling.fields import Field, counts
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, DESCRIPTION, METADATA, switched

_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
COPIES = {f"~{number}": word for number, word in enumerate(_ORDINALS, 2)}
"""How the catalog names the further endpoints of ``rotate: 2`` and more."""
_BEGINNING = (
    "This begins a change of the signing secret: both endpoints report every event, each with its own secret.",
    "The application has to know both secrets until one of the endpoints is removed.",
)


def _title(step: Step, _: Book) -> str:
    first, copy = _named(step.key)
    return f"Webhook endpoint {first}, the {COPIES[copy]} one" if copy else f"Webhook endpoint {first}"


def _named(key: str) -> tuple[str, str]:
    """The name in the catalog, and which copy it is: app and ~2, or no copy."""
    first, _, number = key.partition("~")
    copy = f"~{number}"
    return (first, copy) if copy in COPIES else (key, "")


def _url(_: str, old: str | None, new: str | None) -> str:
    return f"Stripe reports to {new} instead of {old}"


def _connect(_: str, __: str | None, new: str | None) -> str:
    return f"receives events of {'connected accounts' if new == 'yes' else 'this account'}"


def _brief(args: Args, _: Book) -> Iterator[str]:
    yield f"receives {how_many(args.get('enabled_events') or ())} at {args.get('url')}"
    if args.get("disabled"):
        yield "switched off for now"


def _follows(step: Step, book: Book) -> Iterator[str]:
    others = _others(step.key, book)
    if step.operation == "create":
        yield from _BEGINNING if others and _named(step.key)[1] else (FIRST_SIGNATURE,)
    if step.operation == "delete" and any(other.new is not None for other in others):
        yield "This ends a change of the signing secret: only the remaining endpoint's secret counts from then on."
    elif step.operation == "delete":
        yield f"Stripe reports nothing to {(step.old or {}).get('url')} through it any more."
    if step.operation == "replace":
        yield NEXT_SIGNATURE


def _others(key: str, book: Book) -> list[Step]:
    """The other endpoints of a change of the signing secret."""
    first, _ = _named(key)
    known = (book.find("WebhookEndpoint", f"{first}{copy}") for copy in ("", *COPIES))
    return [step for step in known if step is not None and step.key != key]


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
