"""The forms of a whole review are, byte for byte, those that were read and kept."""

from __future__ import annotations

import pytest

from billing_review.formats import FORMATS
from tests.billing_review.formats.goldens import FOLDER, GOLDENS, made
from tests.billing_review.formats.reports import SECRET

_RICH = {"term": "rich.120.txt", "md": "rich.md", "html": "rich.html", "json": "rich.json"}


@pytest.mark.parametrize("name", GOLDENS)
def test_a_form_is_what_was_kept(name: str) -> None:
    """A change of a form is seen in the diff of its golden file (written anew by the module goldens)."""
    assert made(name).encode() == (FOLDER / name).read_bytes()


def test_no_golden_is_forgotten() -> None:
    """Every kept file is compared."""
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDENS)


@pytest.mark.parametrize("form", FORMATS)
def test_secrets_are_hidden_in_every_form(form: str) -> None:
    """A key or signing secret that got into a text is not in any form of it."""
    shown = made(_RICH[form])
    assert "hidden" in shown
    assert SECRET not in shown
    assert "sk_" not in shown
    assert "whsec_" not in shown


@pytest.mark.parametrize(
    "amount",
    [
        "12.00 USD a seat and month",
        "14.00 USD a seat and month",
        "+16.7 %",
        "Dearer than before up to 50 seats, cheaper from 51 seats",
        "Cheaper than before up to 3,999",
        "0.04 USD per 1,000 units and month",
        "18,000 JPY and 4,944.00 USD a month at list price",
        "at least 1,000 active subscriptions, 12 past due (23,800 seats)",
        "30.00 EUR every 3 months",
        "0.0004 USD",
    ],
)
@pytest.mark.parametrize("form", ["html", "json"])
def test_the_amounts_of_the_review_are_in_its_forms(amount: str, form: str) -> None:
    """What was worked out by hand from the prices is what the forms say."""
    assert amount in made(_RICH[form])
