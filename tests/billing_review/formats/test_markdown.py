"""The comment on a pull request: never too long, never anything but text where the catalog has text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from billing_review.formats.clean import visible, without_secrets
from billing_review.formats.escaping import markdown as safe
from billing_review.formats.markdown import LIMIT, MARKER, render
from billing_review.report import Entry, Finding, Report
from tests.billing_review.formats.reports import EMPTY, HOSTILE, NAMED, RICH, SEAT
from tests.billing_review.formats.texts import harmless, reports, visible_texts

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_ON_GITHUB = re.compile(r"@\w|#\d|\bGH-\d|https?://|ftp://|\bwww\.|:[\w+-]+:|\$\S", re.IGNORECASE)
"""What GitHub makes of text on its own: mentions, references, links, emoji, mathematics."""


class _Text(HTMLParser):
    """The text between tags, and the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag}{attrs}")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def shape(found: list[Token]) -> list[str]:
    """The structure of a comment: blocks and inline marks, without the text in them."""
    flat = [inner for token in found for inner in (token, *(token.children or ()))]
    return [f"{token.type}{token.attrs}" for token in flat if token.type not in {"text", "text_special", "html_inline"}]


def html_of(comment: str) -> _Text:
    """What a browser would show of a comment."""
    page = _Text()
    page.feed(_PARSER.render(comment))
    page.close()
    return page


@settings(max_examples=50)
@given(reports())
def test_any_text_is_only_text(report: Report) -> None:
    """No text of the catalog makes a heading, link, picture, code, cell, list or tag, or ends one of ours."""
    shown, expected = render(report), render(harmless(report))
    assert shape(_PARSER.parse(shown)) == shape(_PARSER.parse(expected))
    assert [tag for tag in html_of(shown).tags if tag != "span[]"] == html_of(expected).tags
    assert "<script" not in shown.lower()


@settings(max_examples=50)
@given(reports())
def test_any_text_can_be_read(report: Report) -> None:
    """What was written is what is shown, up to spaces and where it is clipped."""
    shown = "".join("".join(html_of(render(report)).pieces).replace("\u200b", "").split())
    entry = report.entries[0]
    for text in (entry.headline, entry.sentences[0], entry.facts[0].label, report.findings[0].advice, *report.trouble):
        expected = "".join(without_secrets(visible(text)).split())
        assert expected[:120] in shown


@given(visible_texts)
def test_github_makes_nothing_of_a_text(text: str) -> None:
    """No mention reaches anybody, no reference and no link is made."""
    page = _Text()
    page.feed(safe(visible(text)))
    page.close()
    for piece in page.pieces:  # a dollar sign stands in an element of its own
        assert piece == "$" or not _ON_GITHUB.search(piece), piece


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>", "&#60;script&#62;"),
        ("a|b", "a&#124;b"),
        ("`rm`", "&#96;rm&#96;"),
        ("@everyone", "@&#8203;everyone"),
        ("#1", "&#35;&#8203;1"),
        ("[x](y)", "&#91;x&#93;(y)"),
        ("<!-- billing-review -->", "&#60;!-- billing-review --&#62;"),
        ("https://x.example", "https:&#8203;//x.example"),
        ("5 $", "5 <span>$</span>"),
        ("1. a", "1&#46; a"),
        ("12.00 USD", "12.00 USD"),
    ],
)
def test_what_is_written_for_markup(text: str, expected: str) -> None:
    """Amounts stay readable in the source; what could be structure is a character reference."""
    assert safe(text) == expected


def test_the_comment_begins_with_its_marker() -> None:
    """A workflow finds its own comment by the first line, which no text of a catalog can imitate."""
    assert render(RICH).startswith(MARKER + "\n")
    assert render(RICH).count("<!--") == 1
    assert HOSTILE.count("<!--") == 1


@settings(max_examples=12)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 400), st.sampled_from(["word ", "@", "$", "<|>", "😀"]))
def test_the_comment_is_never_too_long(findings: int, entries: int, length: int, text: str) -> None:
    """However many and long the texts are, a comment stays within 65,000 characters, counted as GitHub or stricter."""
    shown = render(crowded(findings, entries, text * length))
    assert len(shown) <= LIMIT == 65_000
    assert len(shown.encode("utf-16-le")) // 2 <= LIMIT


def crowded(findings: int, entries: int, text: str) -> Report:
    """A report with as many findings and objects, of one long text."""
    seat = replace(SEAT, headline=text, sentences=(text,) * 3)
    entry = [replace(seat, key=f"team.{number}", title=f"Price {number}") for number in range(entries)]
    finding = Finding("rule", "low", text, "Price", "team.3", text)
    return Report(RICH.source, tuple(entry), (finding,) * findings, trouble=(text,) * 9)


def test_the_worst_is_the_last_to_go() -> None:
    """Of 300 objects that do not fit, those with the gravest findings are kept, and the others are counted."""
    report = crowded(0, 300, "word " * 40)
    grave = tuple(
        Finding("rule", severity, f"About {number}.", "Price", f"team.{number}", "Look.")  # type: ignore[arg-type]
        for number, severity in ((299, "high"), (250, "medium"), (200, "low"))
    )
    shown = render(replace(report, findings=grave))
    assert all(f"About {number}." in shown for number in (299, 250, 200))
    kept = [int(found) for found in re.findall(r"<sub>Price team\.(\d+) ·", shown)]
    assert {299, 250, 200} < set(kept)
    assert kept == sorted(kept)
    told = re.search(r"_(\d+) objects left out for lack of room: the whole review is in its HTML form", shown)
    assert told
    assert int(told[1]) + len(kept) == 300
    assert shown.count("<details>") == shown.count("</details>") == len(kept)


def test_a_single_object_that_is_too_long_leaves_room_for_the_others() -> None:
    """Long tables are cut, and say so."""
    facts = SEAT.facts * 500
    shown = render(Report(RICH.source, (replace(SEAT, facts=facts), NAMED)))
    assert "and 1,960 more rows" in shown
    assert shown.count("<details>") == 2


def test_an_empty_review_is_a_comment_too() -> None:
    """Nothing to review is said, without empty sections."""
    assert "**Nothing changes** · Findings: **none**" in render(EMPTY)
    assert "###" not in render(EMPTY)


def test_an_object_of_which_nothing_is_known_is_named() -> None:
    """An entry needs neither sentences nor facts."""
    assert "thing x" in render(Report(EMPTY.source, (Entry("thing", "x", "create", "t", "h"),)))
