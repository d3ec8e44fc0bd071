"""What is sold, and the plan that it is sold as. https://docs.stripe.com/api/products"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing_review.steps import Plan, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Difference, Field, Scene, counts, renamed, rewritten
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.plan import of_whom, plan_differences, plan_sentences
from billing_review.telling.shows import ADOPT, DESCRIPTION, METADATA
from billing_review.telling.told import Told
from billing_review.telling.words import number, quoted, some

_MOST = 3
_BETWEEN = " • "
"""Lines have commas of their own."""
_USUAL = "the account's usual name"


def _pictures(value: Any, _: Scene) -> str:
    return _BETWEEN.join(str(one) for one in value) or "none"


def _lines(value: Any, _: Scene) -> str:
    return _BETWEEN.join(str(one.get("name")) for one in value) or "none"


def _lines_said(_: str, old: str | None, new: str | None) -> str:
    before, after = (old or "").split(_BETWEEN), (new or "").split(_BETWEEN)
    more = [quoted(line) for line in after if line and line not in before]
    less = [quoted(line) for line in before if line and line not in after]
    parts = [f"also advertised with {some(more, most=_MOST, noun='line')}"] if more else []
    parts += [f"no longer advertised with {some(less, most=_MOST, noun='line')}"] if less else []
    return ", ".join(parts) or "order of the advertised lines changed"


def _unit(_: str, old: str | None, new: str | None) -> str:
    return f"invoices call a unit {quoted(new or 'unit')} instead of {quoted(old or 'unit')}"


def _statement(_: str, old: str | None, new: str | None) -> str:
    before, after = (quoted(text) if text else _USUAL for text in (old, new))
    return f"card statements show {after} instead of {before}"


def _title(step: Step, book: Book) -> str:
    return book.name("Product", step.key)


def _prices(step: Step, book: Book) -> list[Step]:
    return [price for price in book.change.of("Price") if price.args.get("product") == step.key]


def _follows(step: Step, book: Book) -> Iterator[str]:
    old, new = step.old or {}, step.new or {}
    if step.operation == "update" and old.get("name") != new.get("name") and "name" not in step.drift:
        yield "Customers see the new name on their next invoice and in the checkout."
    if step.operation == "update" and old.get("tax_code") != new.get("tax_code"):
        yield "The tax code decides how much tax Stripe computes: whoever answers for taxes should agree."
    if step.operation == "replace":
        yield "The prices of the old product are made anew for the new one."
    if step.operation == "delete":
        gone = [price for price in _prices(step, book) if price.operation == "delete"]
        yield "Customers keep what they have: Stripe archives a product that ever had a price, and deletes others."
        if gone:
            yield "Its price goes with it." if len(gone) == 1 else f"Its {number(len(gone))} prices go with it."


_PLAIN = plainly(
    Tale(
        noun="product",
        title=_title,
        gone="no longer sold",
        follows=_follows,
        fields=(
            Field("name", "Name", said=renamed),
            DESCRIPTION,
            Field("marketing_features", "Advertised with", _lines, said=_lines_said),
            Field("images", "Pictures", _pictures, said=rewritten),
            Field("unit_label", "A unit is called", said=_unit),
            Field("statement_descriptor", "Card statements show", said=_statement),
            Field("tax_code", "Tax code", said=counts),
            Field("url", "Page", said=counts),
            Field("id", "Id", said=counts),
            METADATA,
            ADOPT,
        ),
    )
)


def tell_product(step: Step, book: Book) -> Told:
    """A product, and its plan where it is one."""
    told, plan = _PLAIN(step, book), book.plan(step.key)
    if plan is None:
        return told
    found = plan_differences(plan, book)
    facts = (*told.facts, *(one.fact() for one in found))
    sentences = (*told.sentences, *plan_sentences(plan, found))
    return Told(told.title, _with_plan(step, told, plan, found), sentences=sentences, facts=facts)


def _with_plan(step: Step, told: Told, plan: Plan, found: tuple[Difference, ...]) -> tuple[str, ...]:
    if step.operation == "create":
        return ("new plan", *of_whom(plan))
    if step.operation == "delete":
        return told.clauses
    return (*told.clauses, *(one.clause for one in found if one.clause))
