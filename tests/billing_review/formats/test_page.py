"""The page: one file that needs nothing, in which every text of the catalog is only text."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings

from billing_review.formats import errors, page
from billing_review.formats.clean import visible, without_secrets
from billing_review.formats.page import render
from billing_review.pricing import Pricing
from billing_review.report import Costs, Entry, Report
from tests.billing_review.formats.goldens import made
from tests.billing_review.formats.reports import EMPTY, NEW_TOKENS, PACKAGES, RICH, SEAT, YEARLY
from tests.billing_review.formats.texts import harmless, reports, texts_of

_VOID = {"meta", "path", "circle"}
_COORDINATES = {"d", "x", "y", "cx", "cy", "r", "viewbox"}


@dataclass
class Seen(HTMLParser):
    """What a parser makes of a page: elements with their attributes, and the text."""

    elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that begins."""
        self.elements.append((tag, tuple(attrs)))
        if tag not in _VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold what ends against what began last."""
        if tag not in _VOID:
            assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        """Keep a comment, of which there should be none."""
        self.comments.append(data)


def seen(text: str) -> Seen:
    """The parsed page, in which every element is closed where it was opened."""
    found = Seen()
    found.feed(text)
    found.close()
    assert found.unclosed == []
    return found


@settings(max_examples=30)
@given(reports())
def test_any_text_is_only_text(report: Report) -> None:
    """No text of the catalog makes an element or an attribute, and each can be read as it was written."""
    found, expected = seen(render(report)), seen(render(harmless(report)))
    assert found.elements == expected.elements
    assert found.comments == []
    shown = "".join(found.pieces)
    hidden = {report.entries[0].plan}  # a plan is for programs
    for text in {*texts_of(report)} - hidden:
        assert without_secrets(visible(text)) in shown


def test_the_page_needs_nothing_else() -> None:
    """No script, no address but those in texts, no style outside the one that the page's policy names by its hash."""
    text = made("rich.html")
    found = seen(text)
    names = {tag for tag, _ in found.elements}
    attributes = {name for _, attributes in found.elements for name, _ in attributes}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    assert not attributes & {"style", "src", "srcset", "xlink:href", "action"}
    assert not any(name.startswith("on") for name in attributes)
    links = [value for _, attributes in found.elements for name, value in attributes if name == "href"]
    assert all((link or "").startswith("#") for link in links)
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "url(" not in style[0]
    assert "@import" not in style[0]


def test_every_link_leads_somewhere_and_every_id_is_there_once() -> None:
    """Findings and prices lead to their object on the page."""
    found = seen(made("rich.html"))
    ids = [value for _, attributes in found.elements for name, value in attributes if name == "id"]
    links = [value for _, attributes in found.elements for name, value in attributes if name == "href"]
    named = [
        one
        for _, attributes in found.elements
        for name, value in attributes
        if name == "aria-labelledby"
        for one in (value or "").split()
    ]
    assert len(ids) == len(set(ids))
    assert {(link or "#")[1:] for link in links} <= set(ids)
    assert set(named) <= set(ids)


def test_the_page_is_made_for_everybody() -> None:
    """A language, a title, headings in order, a way past the findings, heads of rows and columns, named pictures."""
    text = made("rich.html")
    found = seen(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Billing review: billing/production</title>" in text
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert '<a class="skip" href="#changes">' in text
    heads = [dict(attributes) for tag, attributes in found.elements if tag == "th"]
    assert all(head.get("scope") in {"row", "col"} for head in heads)
    charts = [dict(attributes) for tag, attributes in found.elements if tag == "svg" and ("role", "img") in attributes]
    assert len(charts) == 6
    assert all(chart["aria-labelledby"] for chart in charts)


def test_severity_is_a_word() -> None:
    """Nobody needs to see colours."""
    text = made("rich.html")
    for word in ("High", "Medium", "Low", "Info", "Medium, suppressed"):
        assert f'<strong class="severity">{word}</strong>' in text


def test_the_numbers_of_a_curve_are_a_table_as_well() -> None:
    """Whoever cannot see the curve reads the same: 51 seats, 510.00 before and 459.00 after."""
    text = made("rich.html")
    assert '<tr><th scope="row">51 seats</th><td class="num">510.00</td><td class="num">459.00</td></tr>' in text
    assert '<tr><th scope="row">4,001 api_calls</th><td class="num">60.02</td><td class="num">60.02</td></tr>' in text


def test_equal_reports_are_equal_bytes() -> None:
    """Nothing on the page depends on the time, the order of drawing or the run."""
    report = Report(RICH.source, (PACKAGES, SEAT, YEARLY))
    assert render(report) == render(report)
    other = Report(RICH.source, (SEAT, PACKAGES))
    render(other)
    assert render(report) == render(Report(RICH.source, (PACKAGES, SEAT, YEARLY)))


@pytest.mark.parametrize(
    ("costs", "drawn"),
    [
        (SEAT.costs[0], True),
        (SEAT.costs[1], False),
        (NEW_TOKENS.costs[0], True),
        (Costs("usd", None, Pricing("usd", Decimal(5))), False),
        (Costs("usd", Pricing("usd"), Pricing("usd", Decimal(5))), False),
        (Costs("usd", None, None), False),
    ],
    ids=["changed", "unchanged", "new usage", "new, flat", "chosen by the customer", "nothing known"],
)
def test_what_is_drawn(costs: Costs, drawn: bool) -> None:
    """Changed amounts and what is more than one amount for each; not two equal prices, nor a single flat one."""
    text = render(Report(EMPTY.source, (replace(SEAT, costs=(costs,)),)))
    assert ("<figure>" in text) is drawn


def test_without_matplotlib_the_page_says_so_and_keeps_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra costs the curves only, and one sentence says how to get them."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text = render(Report(RICH.source, (SEAT, PACKAGES)))
    assert "<figure>" not in text
    assert text.count("Drawing cost curves needs matplotlib, which is not installed: pip install") == 1
    assert "<caption>Cost by quantity, USD</caption>" in text


def test_without_jinja2_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other forms are named."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    page._template.cache_clear()
    with pytest.raises(errors.LibraryMissingError, match=r"The HTML form of a review needs jinja2.*--format term, md"):
        render(EMPTY)


def test_very_many_objects_are_folded_and_their_curves_are_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of hundreds of prices stays usable: the first are open and drawn, and the page says what is not."""
    monkeypatch.setattr(page, "_DRAWN", 3)
    entries = tuple(replace(PACKAGES, key=f"p.{number}") for number in range(40))
    text = render(Report(RICH.source, entries))
    assert text.count("<figure>") == 3
    assert text.count("Only the first 3 cost curves are drawn") == 1
    assert text.count('<details class="entry"') == 40
    assert len(re.findall(r'<details class="entry" id="entry-\d+" open>', text)) == 25


def test_a_finding_about_something_else_has_no_link() -> None:
    """A judgement may be about an object that does not change."""
    finding = replace(RICH.findings[0], key="elsewhere")
    text = render(replace(EMPTY, findings=(finding,), entries=(Entry("Price", "x", "create", "t", "h"),)))
    assert '<p class="where">Price elsewhere' in re.sub(r">\s+", ">", text)
