"""The review as one HTML page that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from billing_review.curves import has_amount, is_comparable, quantities, span
from billing_review.formats import words
from billing_review.formats.chart import Curves, draw
from billing_review.formats.clean import for_people
from billing_review.formats.errors import LibraryMissingError
from billing_review.money import figure
from billing_review.pricing import Pricing
from billing_review.report import Costs, Entry, Finding, Report

if TYPE_CHECKING:
    from jinja2 import Template

_OPEN = 25
"""So many objects are unfolded when the page is opened."""
_DRAWN = 200
"""So many curves are drawn, those of the first objects; the others are tables."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the curves show, at one quantity."""

    quantity: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CostsView:
    """A price in one currency, as the page shows it."""

    costs: Costs
    comparison: str | None
    curves: str | None
    """SVG."""
    numbers: tuple[Numbers, ...]
    legend: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An object, as the page shows it."""

    name: str
    entry: Entry
    findings: tuple[Finding, ...]
    is_open: bool
    costs: tuple[CostsView, ...]


def render(report: Report) -> str:
    """The page; equal reports are equal bytes.

    Raises LibraryMissingError where jinja2 is not installed. Without matplotlib, the page says that nothing is drawn.
    """
    report = for_people(report)
    pen = _Pen()
    said = words.by_object(report.findings)
    entries = [
        _entry(entry, said.get((entry.kind, entry.key), ()), number, pen)
        for number, entry in enumerate(report.entries, 1)
    ]
    style = _read("page.css")
    return _template().render(
        report=report,
        entries=entries,
        names={(view.entry.kind, view.entry.key): view.name for view in reversed(entries)},
        findings=words.by_weight(report.findings),
        prices=list(words.price_changes(report)),
        counted=any(entry.affected is not None for entry in report.entries),
        words=words,
        source=words.source(report),
        not_drawn=pen.trouble,
        style=style,
        style_hash=_hash(style),
    )


class _Pen:
    """Draws curves while it can."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._left = _DRAWN

    def draw(self, curves: Curves) -> str | None:
        if self.trouble is not None:
            return None
        if not self._left:
            self.trouble = f"Only the first {_DRAWN} cost curves are drawn; the tables have the same numbers."
            return None
        self._left -= 1
        try:
            return draw(curves)
        except LibraryMissingError as error:
            self.trouble = str(error)
            return None


def _entry(entry: Entry, findings: tuple[Finding, ...], number: int, pen: _Pen) -> EntryView:
    name = f"entry-{number}"
    costs = tuple(_costs(entry, one, f"{name}-{place}", pen) for place, one in enumerate(entry.costs, 1))
    return EntryView(name, entry, findings, bool(findings or costs) and number <= _OPEN, costs)


def _costs(entry: Entry, costs: Costs, name: str, pen: _Pen) -> CostsView:
    comparison = words.comparison(costs)
    if not _is_worth_drawing(costs):
        return CostsView(costs, comparison, None, (), (None, None))
    begin, upto = span(costs.old, costs.new, (example.quantity for example in costs.examples))
    numbers = tuple(_numbers(costs, begin, upto))
    unit = words.unit_of(costs)
    curves = Curves(
        name=name,
        old=costs.old,
        new=costs.new,
        begin=begin,
        upto=upto,
        title=f"{entry.title}: cost by quantity, in {costs.currency.upper()}",
        description=". ".join([*([comparison] if comparison else []), _ends(numbers[-1], unit)]),
        across=unit,
        upwards=_upwards(costs),
    )
    return CostsView(costs, comparison, pen.draw(curves), numbers, _legend(costs))


def _is_worth_drawing(costs: Costs) -> bool:
    """Tiers, packages and usage are; so is a changed amount. Two equal prices are not."""
    present = _present(costs)
    if costs.old == costs.new or not all(has_amount(pricing) for pricing in present):
        return False
    return len(present) == 2 or any(pricing.tiers or pricing.package or pricing.metered for pricing in present)


def _numbers(costs: Costs, begin: int, upto: int) -> Iterator[Numbers]:
    for quantity in quantities(costs.old, costs.new, upto, begin):
        sides = (figure(one.due(quantity), one.currency) if one else "–" for one in (costs.old, costs.new))
        yield Numbers(words.of_unit(quantity, words.unit_of(costs)), *sides)


def _ends(last: Numbers, unit: str) -> str:
    return f"At {last.quantity}: {last.old} before, {last.new} after" if unit else ""


def _upwards(costs: Costs) -> str:
    present = _present(costs)
    alike = len(present) == 1 or is_comparable(*present)
    return f"{costs.currency.upper()} {words.interval(present[0])}" if alike else costs.currency.upper()


def _present(costs: Costs) -> list[Pricing]:
    return [pricing for pricing in (costs.old, costs.new) if pricing is not None]


def _legend(costs: Costs) -> tuple[str | None, str | None]:
    alike = costs.old is None or costs.new is None or is_comparable(costs.old, costs.new)
    old, new = (
        None if one is None else word if alike else f"{word}, {words.interval(one)}"
        for word, one in (("before", costs.old), ("after", costs.new))
    )
    return old, new


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _read(name: str) -> str:
    return resources.files("billing_review.formats").joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise LibraryMissingError.of("jinja2", "The HTML form of a review") from error
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_read("page.html.jinja"))
