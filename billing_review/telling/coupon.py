"""What is taken off a bill. https://docs.stripe.com/api/coupons"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.discounts import shown_worth, worth
from billing_review.telling.fields import Field, counts, renamed
from billing_review.telling.places import inside
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, METADATA, moment, names, times
from billing_review.telling.words import joined

_WORTH = ("percent_off", "amount_off", "currency", "currency_options", "duration", "duration_in_months")


def _title(step: Step, book: Book) -> str:
    return f"Coupon {book.name('Coupon', step.key)}"


def _for(_: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"only for {new}"
    return f"for {new or 'every product'} instead of {old if new else f'only {old}'}"


def _discount(_: str, old: str | None, new: str | None) -> str:
    return f"{old} → {new}"


def _redeemed(_: str, old: str | None, new: str | None) -> str:
    return f"can be redeemed {new or 'without a bound'} instead of {old or 'without a bound'}"


def _until(_: str, old: str | None, new: str | None) -> str:
    return f"can be redeemed {f'until {new}' if new else 'without an end'} instead of {old or 'without an end'}"


def _brief(args: Args, book: Book) -> Iterator[str]:
    yield worth(args)
    products = inside(args, "applies_to").get("products")
    if products:
        yield f"only for {joined(sorted(book.name('Product', one) for one in products))}"


def _follows(step: Step, book: Book) -> Iterator[str]:
    if step.operation == "delete":
        yield "Discounts that customers have already stay."
    if step.operation == "replace":
        yield "Stripe cannot change a discount: customers who have the old coupon keep it as it was."
    if step.operation in {"delete", "replace"}:
        yield from _codes(step, book)


def _codes(step: Step, book: Book) -> Iterator[str]:
    codes = [
        str(code.old.get("code", code.key))
        for code in book.change.of("PromotionCode")
        if code.old and inside(code.old, "promotion").get("coupon") == step.key and code.operation != "replace"
    ]
    if codes:
        yield f"The promotion {'code' if len(codes) == 1 else 'codes'} {joined(codes)} {_dies(len(codes))} with it."


def _dies(count: int) -> str:
    return "goes" if count == 1 else "go"


tell_coupon = plainly(
    Tale(
        noun="coupon",
        title=_title,
        gone="deleted, nobody can redeem it any more",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("name", "Name", said=renamed),
            Field("", "Discount", shown_worth, said=_discount, covers=_WORTH),
            Field("applies_to.products", "Only for", names("Product"), said=_for),
            Field("max_redemptions", "Can be redeemed", times, said=_redeemed),
            Field("redeem_by", "Can be redeemed until", moment, said=_until),
            Field("id", "Id", said=counts),
            METADATA,
            ADOPT,
        ),
    )
)
