"""When the team hears about usage. https://docs.stripe.com/api/billing/alert"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field, Scene, counts, plain, renamed
from billing_review.telling.places import inside
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, in_words, named
from billing_review.telling.words import joined, quoted, said


def _title(step: Step, _: Book) -> str:
    return f"Alert {quoted(str(step.args.get('title', step.key)))}"


def _fires(_: str, old: str | None, new: str | None) -> str:
    return f"fires at {new} instead of {old}"


def _watches(_: str, old: str | None, new: str | None) -> str:
    return f"watches {new} instead of {old}"


def _customers(value: Any, _: Scene) -> str:
    return joined(f"{one.get('type', 'customer')} {one.get('customer')}" for one in value)


def _only_for(_: str, __: str | None, new: str | None) -> str:
    return f"only for {new}" if new else "for every customer"


def _status(_: str, __: str | None, new: str | None) -> str:
    return "watches again" if new == "watches" else "switched off, it watches nothing until it is switched on again"


def _brief(args: Args, book: Book) -> Iterator[str]:
    threshold = inside(args, "usage_threshold")
    meter = book.name("Meter", threshold.get("meter"))
    yield f"fires when a customer's usage of {meter} reaches {said(threshold.get('gte'))}"
    if args.get("status") == "inactive":
        yield "switched off for now"


def _follows(step: Step, _: Book) -> Iterator[str]:
    if step.operation in {"create", "replace"}:
        yield "It fires once for each customer, not every month, and only reports: it limits and bills nothing."
        yield "It counts only usage that is reported after it was made."
    if step.operation == "replace":
        yield "Stripe cannot change an alert: customers who set off the old one can set off the new one again."
    if step.operation == "delete":
        yield "An archived alert never comes back; one that is written again counts from nothing."


tell_alert = plainly(
    Tale(
        noun="alert",
        title=_title,
        gone="archived for good, nobody hears of this usage any more",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("title", "Title", said=renamed),
            Field("usage_threshold.meter", "Watches", named("Meter"), said=_watches),
            Field("usage_threshold.gte", "Fires at", plain, said=_fires),
            Field(
                "usage_threshold.recurrence",
                "Fires",
                in_words({"one_time": "once for each customer"}),
                absent="one_time",
                said=counts,
            ),
            Field("usage_threshold.filters", "Only for", _customers, said=_only_for),
            Field("alert_type", "Type", in_words({"usage_threshold": "usage"}), absent="usage_threshold", said=counts),
            Field(
                "status", "Status", in_words({"active": "watches", "inactive": "off"}), absent="active", said=_status
            ),
            ADOPT,
        ),
    )
)
