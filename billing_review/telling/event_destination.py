"""Where Stripe sends its newer events. https://docs.stripe.com/api/v2/core/event-destinations"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.events import ENABLED_EVENTS, FIRST_SIGNATURE, NEXT_SIGNATURE, how_many
from billing_review.telling.fields import Field, counts, renamed
from billing_review.telling.places import inside
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, DESCRIPTION, METADATA, in_words, listed

_TYPES = {
    "webhook_endpoint": "a web address",
    "amazon_eventbridge": "Amazon EventBridge",
    "azure_event_grid": "Azure Event Grid",
}
_PAYLOADS = {"thin": "only name what happened", "snapshot": "carry the object as it was"}


def _title(step: Step, _: Book) -> str:
    return f"Event destination {step.args.get('name', step.key)}"


def _url(_: str, old: str | None, new: str | None) -> str:
    return f"Stripe reports to {new or 'no address'} instead of {old or 'no address'}"


def _type(_: str, old: str | None, new: str | None) -> str:
    return f"sends to {new} instead of {old}"


def _payload(_: str, __: str | None, new: str | None) -> str:
    return f"events {new}"


def _status(_: str, __: str | None, new: str | None) -> str:
    return "switched on again" if new == "on" else "switched off, nothing is reported"


def _where(args: Args) -> str:
    url = inside(args, "webhook_endpoint").get("url")
    return str(url) if url else _TYPES.get(str(args.get("type")), str(args.get("type")))


def _brief(args: Args, _: Book) -> Iterator[str]:
    yield f"receives {how_many(args.get('enabled_events') or ())} at {_where(args)}"
    if args.get("status") == "disabled":
        yield "switched off for now"


def _follows(step: Step, _: Book) -> Iterator[str]:
    if step.operation == "create":
        yield FIRST_SIGNATURE
    if step.operation == "replace":
        yield NEXT_SIGNATURE


tell_event_destination = plainly(
    Tale(
        noun="event destination",
        title=_title,
        gone="deleted, Stripe reports nothing there any more",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("name", "Name", said=renamed),
            Field("webhook_endpoint.url", "Address", said=_url),
            ENABLED_EVENTS,
            Field("status", "Status", in_words({"enabled": "on", "disabled": "off"}), absent="enabled", said=_status),
            Field("type", "Sends to", in_words(_TYPES), absent="webhook_endpoint", said=_type),
            Field("event_payload", "Events", in_words(_PAYLOADS), absent="thin", said=_payload),
            Field("amazon_eventbridge.aws_account_id", "AWS account", said=counts),
            Field("amazon_eventbridge.aws_region", "AWS region", said=counts),
            Field("azure_event_grid.azure_region", "Azure region", said=counts),
            Field("azure_event_grid.azure_resource_group_name", "Azure resource group", said=counts),
            Field("azure_event_grid.azure_subscription_id", "Azure subscription", said=counts),
            Field("events_from", "Events of", listed, said=counts),
            Field("snapshot_api_version", "API version", said=counts),
            DESCRIPTION,
            METADATA,
            ADOPT,
        ),
    )
)
