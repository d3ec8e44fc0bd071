"""Which product entitles to which feature. https://docs.stripe.com/api/product-feature"""

from __future__ import annotations

from collections.abc import Callable

from billing_review.steps import Operation, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, named
from billing_review.telling.told import Told


def _names(step: Step, book: Book) -> tuple[str, str]:
    args = step.args
    return book.name("Product", args.get("product")), book.name("Feature", args.get("entitlement_feature"))


def _title(step: Step, book: Book) -> str:
    product, feature = _names(step, book)
    return f"{feature} in {product}"


_WORDS: dict[Operation, Callable[[str], str]] = {
    "create": lambda product: f"customers of {product} are entitled to it from now on",
    "delete": lambda product: f"customers of {product} are no longer entitled to it",
}
_PLAIN = plainly(
    Tale(
        noun="feature of a product",
        title=_title,
        fields=(
            Field("product", "Product", named("Product")),
            Field("entitlement_feature", "Feature", named("Feature")),
            ADOPT,
        ),
    )
)


def tell_product_feature(step: Step, book: Book) -> Told:
    """What customers of a product get, or lose."""
    told = _PLAIN(step, book)
    if step.operation not in _WORDS:
        return told
    clause = _WORDS[step.operation](_names(step, book)[0])
    return Told(told.title, (clause,), sentences=told.sentences, facts=told.facts)
