"""Every problem of a catalog comes with what to write instead; a mechanical fix, carried out, is the end of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing_resources.catalog.mending.mend import TOP, mended, problems
from tests.billing_resources.catalog.test_every_problem import MISTAKES, PLACES, Mistake, with_mistakes

FIXES = {
    "rank: high": "write a whole number: rank: 10",
    "audience: [robots]": "write user or organization",
    "nickname: 5": 'write "5", in quotes',
    "trial_days: 0": "write trial_days: 1, or more",
    "lookup_key: [a]": "write one text here, without brackets and without a dash before it",
    "description: [a]": "write one text here, without brackets and without a dash before it",
    "gte: 0": "write gte: 1, or more",
    'title: ""': "write a text after title:, or remove the line",
    "url: http://localhost:4242/stripe": "write the application's public https address",
    "- 5": "write the name of an event, such as invoice.paid",
    'badge: ""': "write a text after badge:, or remove the line",
    "bagde: Popular": "write badge: instead of bagde:",
    "unit_label: much too long for it": "shorten the text to 12 characters",
    'event_name: ""': "write a text after event_name:, or remove the line",
    "meter: alpaca-ai-tokenz": "write alpaca-ai-tokens, or declare it under meters",
    "recurring: fortnight": "write day, week, month or year",
    "interval: moon": "write month",
    "seats: follows": "write follow",
    "unit_amount: 12.00": "write 1200: the amount in the currency's smallest unit",
    "up_to: 20.5": "write a whole number, or inf",
    "unit_amount_decimal: 0.004": 'write "0.004", in quotes',
    "included: lots": "write a whole number, or unlimited",
    "per: year": "write period, month, day, hour or lifetime",
    "overage: maybe": "write block, allow or bill",
    "sso: 5": 'write "5", in quotes',
    "default: on": "write true",
    "free: 1": "write true",
    "round: half": "write up or down",
}
"""The mistakes of `test_every_problem`, in its order, and what is said to write instead."""
MECHANICAL = {
    "nickname: 5",
    "bagde: Popular",
    "meter: alpaca-ai-tokenz",
    "interval: moon",
    "seats: follows",
    "unit_amount: 12.00",
    "unit_amount_decimal: 0.004",
    "sso: 5",
    "default: on",
    "free: 1",
}
KINDS = list(zip(MISTAKES, FIXES, strict=True))


def is_mechanical(mistake: Mistake) -> bool:
    """Whether an edit mends it."""
    return dict(KINDS)[mistake] in MECHANICAL


@pytest.mark.parametrize(("mistake", "typed"), KINDS, ids=list(FIXES))
def test_each_kind_of_mistake_has_its_fix(mistake: Mistake, typed: str) -> None:
    """The sentence says what to write, and an edit comes with it where only one is possible."""
    lines = with_mistakes([next((one, line) for one, line in PLACES if one is mistake)])
    assert any(typed.strip() in line for line in lines)
    (found,) = problems("\n".join(lines))
    assert found.fix.text == FIXES[typed]
    assert (found.fix.edit is not None) is (typed in MECHANICAL)


@pytest.mark.parametrize(("mistake", "line"), [place for place in PLACES if is_mechanical(place[0])])
def test_a_mechanical_fix_mends(mistake: Mistake, line: int) -> None:
    """Carried out wherever the mistake is, nothing is left to say."""
    text = "\n".join(with_mistakes([(mistake, line)]))
    assert problems(mended(text, problems(text))) == []


@given(st.lists(st.sampled_from(PLACES), min_size=2, max_size=25, unique_by=lambda made: made[1]))
def test_mechanical_fixes_do_not_disturb_each_other(made: list[tuple[Mistake, int]]) -> None:
    """Carried out all at once, what is left are the mistakes that somebody has to think about, each at its line."""
    text = "\n".join(with_mistakes(made))
    left = problems(mended(text, problems(text)))
    assert [one.line for one in left] == sorted(line + 1 for mistake, line in made if not is_mechanical(mistake))


@pytest.mark.parametrize(
    ("typed", "currency", "right"),
    [
        ("12.00", "usd", "1200"),
        ("0.50", "eur", "50"),
        ('"1200"', "usd", "1200"),
        ("'0700'", "usd", "700"),
        ("1200.00", "jpy", None),
        ("1.5", "usd", None),
        ("12.00", "kwd", None),
        ("true", "usd", None),
    ],
)
def test_amounts_are_only_converted_beyond_doubt(typed: str, currency: str, right: str | None) -> None:
    """Two decimals of a currency with hundredths are one amount; yen, thousandths and halves are for people."""
    text = f"version: 1\ncurrency: {currency}\nplans: {{a: {{name: A, prices: {{p: {{unit_amount: {typed}}}}}}}}}\n"
    (found,) = problems(text)
    assert (found.fix.edit.replacement if found.fix.edit else None) == right


def test_the_currency_of_an_amount_is_the_nearest_one() -> None:
    """That of the price, or the option's own, counts before the catalog's."""
    price = (
        "{currency: jpy, unit_amount: 12.00, currency_options: {eur: {unit_amount: 9.00}, krw: {unit_amount: 9.00}}}"
    )
    found = problems(f"{TOP}plans: {{a: {{name: A, prices: {{p: {price}}}}}}}\n")
    assert [one.fix.edit.replacement if one.fix.edit else None for one in found] == [None, "900", None]


def test_a_name_that_is_taken_is_not_written_twice() -> None:
    """Where the right field is there already, renaming the wrong one would make a second."""
    (found,) = problems(f"{TOP}plans: {{a: {{name: A, nmae: B}}}}\n")
    assert (found.fix.text, found.fix.edit) == ("write name: instead of nmae:", None)


def test_a_problem_of_overrides_is_found_in_the_settings() -> None:
    """The file is the stack's, the line the one that wrote it, and the fix fits in there."""
    settings = "config:\n  stripe:mode: test\n  billing:overrides:\n    plans: {a: {rnk: 2}}\n"
    (found,) = problems(f"{TOP}plans: {{a: {{name: A}}}}\n", {"plans": {"a": {"rnk": 2}}}, settings)
    assert found.file.endswith("/Pulumi.dev.yaml")
    assert (found.line, found.column, found.problem.line) == (4, 17, None)
    assert mended(settings, [found]) == settings.replace("rnk", "rank")


def test_overrides_in_json_are_found_at_their_key() -> None:
    """There are no lines inside of a text."""
    settings = 'config:\n  billing:overrides: \'{"plans": {"a": {"rank": "x"}}}\'\n'
    (found,) = problems(f"{TOP}plans: {{a: {{name: A}}}}\n", {"plans": {"a": {"rank": "x"}}}, settings)
    assert (found.line, found.column, found.fix.edit) == (2, 3, None)
    assert found.fix.text == "write a whole number: rank: 10"


@given(st.text("ab: \n-[]{}&*1\"'.", max_size=60))
def test_any_text_gets_its_fixes_or_none(text: str) -> None:
    """Whatever is written, looking for a fix brings out nothing but fixes."""
    for found in problems(TOP + text):
        assert found.fix.text
