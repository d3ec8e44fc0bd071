"""A tax that is set by hand. https://docs.stripe.com/api/tax_rates"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field, Scene, counts
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, DESCRIPTION, METADATA, in_words, percentage
from billing_review.telling.words import quoted

_INCLUSIVE = {True: "included in prices", False: "added to prices"}


def _title(step: Step, _: Book) -> str:
    where = "-".join(str(step.args[name]) for name in ("country", "state") if step.args.get(name))
    return f"Tax rate {step.args.get('display_name', step.key)}{f' ({where})' if where else ''}"


def _renamed(_: str, old: str | None, new: str | None) -> str:
    return f"invoices call it {quoted(new or '')} instead of {quoted(old or '')}"


def _rate(_: str, old: str | None, new: str | None) -> str:
    return f"{old} → {new}"


def _inclusive(_: str, old: str | None, new: str | None) -> str:
    return f"{new} instead of {old}"


def _brief(args: Args, book: Book) -> Iterator[str]:
    yield percentage(args.get("percentage") or 0, Scene(args, book, ()))
    yield _INCLUSIVE[bool(args.get("inclusive"))]


def _follows(step: Step, _: Book) -> Iterator[str]:
    if step.operation == "delete":
        yield "Subscriptions that have it keep it; it cannot be chosen for anything new."
    if step.operation == "replace":
        yield "Stripe cannot change a rate: subscriptions keep the old one until somebody gives them the new."


tell_tax_rate = plainly(
    Tale(
        noun="tax rate",
        title=_title,
        gone="archived",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("percentage", "Rate", percentage, said=_rate),
            Field("inclusive", "Tax is", in_words(_INCLUSIVE), said=_inclusive),
            Field("display_name", "Name on invoices", said=_renamed),
            Field("country", "Country", said=counts),
            Field("state", "State", said=counts),
            Field("jurisdiction", "Jurisdiction"),
            Field("tax_type", "Kind of tax", said=counts),
            DESCRIPTION,
            METADATA,
            ADOPT,
        ),
    )
)
