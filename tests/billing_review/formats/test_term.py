"""The terminal's form: readable at any width, without colours, whatever the names are."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from billing_review.formats.clean import visible, without_secrets
from billing_review.formats.term import render
from billing_review.report import Entry, Report
from tests.billing_review.formats.reports import EMPTY, RICH
from tests.billing_review.formats.texts import reports, texts, texts_of

_SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Long and hostile texts wrap."""
    assert max(cell_len(line) for line in render(RICH, width).splitlines()) <= width


def test_colours_only_repeat_what_words_say() -> None:
    """Without its colours, the coloured form is the plain one."""
    coloured = render(RICH, 80, color=True)
    assert "\x1b[" in coloured
    plain = _SGR.sub("", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == render(RICH, 80).splitlines()


def test_findings_come_first_and_the_worst_of_them() -> None:
    """High before medium before low, all before what changes; suppressed ones last and said to be so."""
    shown = render(RICH, 80)
    places = [
        shown.index(text)
        for text in ("HIGH ", "MEDIUM ", "LOW ", "INFO ", "suppressed until 2027-01-31", "What changes")
    ]
    assert places == sorted(places)


def test_a_name_is_no_markup() -> None:
    """What rich would take for a style, a link or an emoji is shown as it is written."""
    name = "[red]x[/red] [link=https://evil.example]y[/link] :tada: [/]"
    report = Report(EMPTY.source, (Entry("Product", "x", "update", name, name),))
    assert name in render(report, 120)


def test_nothing_to_review_is_said() -> None:
    """An empty report is three clear lines."""
    assert render(EMPTY) == (
        "Billing review  main → HEAD\nNothing changes\nFindings: none\n"
        "Nobody looked who is affected: no Stripe key was given.\n"
    )


@settings(max_examples=40)
@given(reports(texts), st.sampled_from([20, 80]))
def test_any_text_is_shown_and_moves_nothing(report: Report, width: int) -> None:
    """No control character reaches the terminal, and what was written can be read, wherever lines are broken."""
    shown = render(report, width)
    assert not {unicodedata.category(char) for char in set(shown) - {"\n", "\u200d"}} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    if width == 80:
        letters = "".join(shown.split())
        for text in (report.entries[0].headline, report.counting.sentence, report.trouble[0]):
            assert "".join(without_secrets(visible(text)).split()) in letters


def test_texts_of_a_report_are_all_found() -> None:
    """The properties of the forms are about every text that a report has."""
    assert {"37 active subscriptions (412 seats) stay on the old price.", "Keep 14 days."} <= set(texts_of(RICH))
