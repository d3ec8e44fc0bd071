"""What customers can be entitled to. https://docs.stripe.com/api/entitlements/feature"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field, renamed
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, METADATA
from billing_review.telling.words import quoted


def _title(step: Step, book: Book) -> str:
    return f"Feature {book.name('Feature', step.key)}"


def _asked(_: str, old: str | None, new: str | None) -> str:
    return f"the application asks for {quoted(new or '')} instead of {quoted(old or '')}"


def _brief(args: Args, _: Book) -> Iterator[str]:
    yield f"the application asks for {quoted(str(args.get('lookup_key')))}"


def _follows(step: Step, _: Book) -> Iterator[str]:
    if step.operation in {"delete", "replace"}:
        old = quoted(str((step.old or {}).get("lookup_key")))
        gone = "it" if step.operation == "delete" else "the old one"
        yield f"Stripe never brings {gone} back: an application that asks for {old} finds nobody entitled to it."


tell_feature = plainly(
    Tale(
        noun="feature",
        title=_title,
        gone="archived for good",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("name", "Name", said=renamed),
            Field("lookup_key", "The application asks for", said=_asked),
            METADATA,
            ADOPT,
        ),
    )
)
