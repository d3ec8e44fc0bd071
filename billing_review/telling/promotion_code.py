"""What customers type to get a coupon. https://docs.stripe.com/api/promotion_codes"""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.discounts import worth
from billing_review.telling.fields import Field, counts
from billing_review.telling.places import inside
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, METADATA, amount_in, amount_of_key, moment, named, times


def _title(step: Step, _: Book) -> str:
    return f"Promotion code {step.args.get('code', step.key)}"


def _gives(_: str, old: str | None, new: str | None) -> str:
    return f"gives {new} instead of {old}"


def _redeemed(_: str, old: str | None, new: str | None) -> str:
    return f"can be redeemed {new or 'without a bound'} instead of {old or 'without a bound'}"


def _until(_: str, old: str | None, new: str | None) -> str:
    return f"can be redeemed {f'until {new}' if new else 'without an end'} instead of {old or 'without an end'}"


def _first_time(_: str, __: str | None, new: str | None) -> str:
    return "only for customers who never paid before" if new == "yes" else "for every customer"


def _least(_: str, old: str | None, new: str | None) -> str:
    return f"for bills of at least {new or 'any amount'} instead of {old or 'any amount'}"


def _brief(args: Args, book: Book) -> Iterator[str]:
    key = inside(args, "promotion").get("coupon")
    coupon = book.find("Coupon", key)
    yield f"gives {book.name('Coupon', key)}{f' ({worth(coupon.args)})' if coupon else ''}"
    if inside(args, "restrictions").get("first_time_transaction"):
        yield "only for customers who never paid before"


def _follows(step: Step, _: Book) -> Iterator[str]:
    if step.operation == "delete":
        yield "Discounts that customers have already stay."
    if step.operation == "replace":
        yield "Stripe cannot change what a code gives: the old one is switched off, discounts that it gave stay."


tell_promotion_code = plainly(
    Tale(
        noun="promotion code",
        title=_title,
        gone="switched off, customers cannot use it any more",
        brief=_brief,
        follows=_follows,
        fields=(
            Field("promotion.coupon", "Gives", named("Coupon"), said=_gives),
            Field("promotion.type", "Type", absent="coupon", said=counts),
            Field("code", "Code", said=counts),
            Field("expires_at", "Can be redeemed until", moment, said=_until),
            Field("max_redemptions", "Can be redeemed", times, said=_redeemed),
            Field("restrictions.first_time_transaction", "Only for new customers", absent=False, said=_first_time),
            Field(
                "restrictions.minimum_amount",
                "Smallest bill",
                amount_in("restrictions.minimum_amount_currency"),
                said=_least,
                covers=("restrictions.minimum_amount_currency",),
            ),
            Field(
                "restrictions.currency_options.*.minimum_amount",
                "Smallest bill in {currency}",
                amount_of_key(2),
                said=_least,
            ),
            METADATA,
            ADOPT,
        ),
    )
)
