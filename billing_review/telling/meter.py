"""What is counted. https://docs.stripe.com/api/billing/meter"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field, counts, renamed
from billing_review.telling.places import inside
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, in_words
from billing_review.telling.words import joined, quoted

_FORMULAS = {
    "sum": "the sum of the reported values",
    "count": "the number of reports",
    "last": "the last reported value",
}
_WINDOWS = {"hour": "one total an hour", "day": "one total a day"}


def _title(step: Step, book: Book) -> str:
    return f"Meter {book.name('Meter', step.key)}"


def _formula(_: str, old: str | None, new: str | None) -> str:
    return f"bills {new} instead of {old}"


def _brief(args: Args, _: Book) -> Iterator[str]:
    formula = inside(args, "default_aggregation").get("formula")
    yield f"counts {_FORMULAS.get(str(formula), formula)} as {quoted(str(args.get('event_name')))}"


def _follows(step: Step, book: Book) -> Iterator[str]:
    event = quoted(str((step.old or {}).get("event_name")))
    if step.operation == "delete":
        yield f"Usage that is still reported as {event} is refused from then on."
    if step.operation == "replace":
        yield from _replaced(step, event)
    if step.operation in {"delete", "replace"}:
        yield from _billing(step, book)


def _replaced(step: Step, event: str) -> Iterator[str]:
    new = quoted(str((step.new or {}).get("event_name")))
    yield "Stripe cannot change how a meter counts: the new one begins with nothing."
    if new != event:
        yield f"The application has to report its usage as {new} from then on; what is reported as {event} is refused."
    yield "The deployment is refused while a price on sale bills by the old meter: add a second meter instead."


def _billing(step: Step, book: Book) -> Iterator[str]:
    by_it = [
        quoted(book.titles[price.key])
        for price in book.change.of("Price")
        if inside(price.old, "recurring").get("meter") == step.key
    ]
    if by_it:
        yield f"Today {joined(by_it)} {'bills' if len(by_it) == 1 else 'bill'} by it."


tell_meter = plainly(
    Tale(
        noun="meter",
        title=_title,
        gone="deactivated, it counts nothing any more",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("display_name", "Name", said=renamed),
            Field("event_name", "Usage is reported as"),
            Field("default_aggregation.formula", "Bills", in_words(_FORMULAS), said=_formula),
            Field("event_time_window", "Reports are", in_words(_WINDOWS), said=counts),
            Field("customer_mapping.event_payload_key", "Customer is named by", absent="stripe_customer_id"),
            Field("customer_mapping.type", "Customer is found", in_words({"by_id": "by id"}), absent="by_id"),
            Field("value_settings.event_payload_key", "Value is in", absent="value"),
            ADOPT,
        ),
    )
)
