"""What no form may show: secrets, and characters that hide or move others."""

from __future__ import annotations

import pytest

from billing_review.formats import FORMATS, render
from billing_review.formats.clean import for_people, visible, without_secrets
from billing_review.report import Entry, Report
from tests.billing_review.formats.reports import EMPTY, RICH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Team, 12 €", "Team, 12 €"),
        ("two\nlines", "two↵lines"),
        ("a\tb", "a⇥b"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        ("a\x00b\x7f\x9b", "a⟨U+0000⟩b⟨U+007F⟩⟨U+009B⟩"),
        ("\u202egnp", "⟨U+202E⟩gnp"),
        ("te\u200bam", "te⟨U+200B⟩am"),
        ("te\u200dam", "te⟨U+200D⟩am"),
        ("a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"),
        ("\ud800", "⟨U+D800⟩"),
        ("👩\u200d💻 and 10\u00a0%", "👩\u200d💻 and 10\u00a0%"),
    ],
)
def test_what_cannot_be_seen_is_marked(text: str, expected: str) -> None:
    """Escapes, line ends, turned text, joints and halves of characters; an emoji of two and a fixed space stay."""
    assert visible(text) == expected


@pytest.mark.parametrize(
    "secret",
    [
        "sk_live_51AbCdEf",
        "sk_test_x",
        "rk_live_51AbCdEf",
        "sk_org_test_1a2b",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_ab+/cd==",
    ],
)
@pytest.mark.parametrize("around", ["{}", "key={}", "https://x.example/?key={}&a=1", "({}).", "a {} b", "_{}"])
def test_secrets_are_hidden(secret: str, around: str) -> None:
    """Keys of every kind and signing secrets, wherever they stand in a text, to their last letter."""
    assert secret not in without_secrets(around.format(secret))
    assert "[hidden]" in without_secrets(around.format(secret))


@pytest.mark.parametrize("name", ["task_test_runs", "risk_live_score", "sk_tokens", "whsec", "desk_live_1"])
def test_names_are_not_taken_for_secrets(name: str) -> None:
    """A meter may be called what looks a little like a key."""
    assert without_secrets(name) == name


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_can_be_written_to_a_file(form: str) -> None:
    """Half a character in a name does not stop a report from being written."""
    report = Report(EMPTY.source, (Entry("Product", "a\ud800b", "create", "\udfff", "h\ud800"),), trouble=("\ud83d",))
    assert render(report, form).encode("utf-8")  # type: ignore[arg-type]


def test_cleaning_changes_texts_only() -> None:
    """Amounts, prices and counts of a report are what they were."""
    clean = for_people(RICH)
    assert [entry.costs[0].new for entry in clean.entries[:4]] == [entry.costs[0].new for entry in RICH.entries[:4]]
    assert clean.counts == RICH.counts
    assert clean.revenue_touched == RICH.revenue_touched
    assert for_people(clean) == clean
