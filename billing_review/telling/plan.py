"""What the catalog says of a plan beyond its product: who it is for, its rank, its limits and features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from billing_review.report import Entry
from billing_review.steps import Operation, Plan, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Difference, Field, became, counts, differences
from billing_review.telling.limits import FEATURES, LIMITS
from billing_review.telling.shows import switched
from billing_review.telling.told import Told, entry_of
from billing_review.telling.words import joined, plural

_OF_THE_PRODUCT = (
    "name",
    "description",
    "images",
    "marketing_features",
    "metadata",
    "statement_descriptor",
    "tax_code",
    "unit_label",
    "url",
    "id",
    "adopt",
    "product",
    "prices",
    "entitlements",
)
"""Told by the plan's product, its prices and its features."""


def _people(audience: Iterable[str]) -> str:
    return joined(plural(str(one)) for one in sorted(audience)) or "nobody"


def _for(_: str, old: str | None, new: str | None) -> str:
    return f"for {new or 'everybody'} instead of {old or 'everybody'}"


_FIELDS = (
    Field("audience", "For", lambda value, _: _people(value), said=_for),
    Field("free", "Free", absent=False, said=switched("free from now on", "no longer free")),
    LIMITS,
    FEATURES,
    Field("badge", "Badge", said=became),
    Field("rank", "Rank", said=counts),
    Field("group", "Group", said=became),
)


def plan_differences(plan: Plan, book: Book) -> tuple[Difference, ...]:
    """What changes about a plan."""
    step = Step("Plan", plan.key, _operation(plan), old=plan.old, new=plan.new)
    try:
        return differences(step, _FIELDS, book, told=_OF_THE_PRODUCT)
    except (AttributeError, LookupError, TypeError, ValueError):  # a newer catalog writes something in another form
        return differences(step, (), book, told=_OF_THE_PRODUCT)


def plan_entries(book: Book) -> Iterator[Entry]:
    """Plans that change while their products stay: others are told with their products."""
    for plan in book.change.plans:
        product = book.find("Product", plan.key)
        if product is None or product.operation == "same":
            found = plan_differences(plan, book)
            if found:
                step = Step("Plan", plan.key, _operation(plan), old=plan.old, new=plan.new, plan=plan.key)
                step = replace(step, place=product.place if product else None)
                yield entry_of(step, _told(plan, found, book), book)


def of_whom(plan: Plan) -> Iterator[str]:
    """What a new plan is, in a headline."""
    args = plan.new or plan.old or {}
    if isinstance(args.get("audience"), list | tuple):
        yield f"for {_people(args['audience'])}"
    if args.get("free"):
        yield "free"


def plan_sentences(plan: Plan, found: tuple[Difference, ...]) -> Iterator[str]:
    """What follows for customers."""
    included = any(one.place[0] in {"limits", "features"} for one in found)
    if included and plan.old is not None and plan.new is not None and plan.new.get("free"):
        yield (
            "Everybody without a subscription gets the new limits and features "
            "as soon as the application knows of them."
        )


def _told(plan: Plan, found: tuple[Difference, ...], book: Book) -> Told:
    clauses = {"create": ("new plan", *of_whom(plan)), "delete": ("this plan is no longer offered",)}
    return Told(
        title=book.name("Product", plan.key),
        clauses=clauses.get(_operation(plan), tuple(one.clause for one in found if one.clause)),
        sentences=tuple(plan_sentences(plan, found)),
        facts=tuple(one.fact() for one in found),
    )


def _operation(plan: Plan) -> Operation:
    if plan.old is None:
        return "create"
    return "delete" if plan.new is None else "update"
