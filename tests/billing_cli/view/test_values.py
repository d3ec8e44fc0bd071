"""One value in words: quotes, plain digits, secrets, what is not known yet."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_cli.view.values import SECRET, UNKNOWN, is_told, primitive, quoted

WRAPPED = {SECRET: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "whsec_1"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1200, "1200"),
        (1200.0, "1200"),
        (0.5, "0.5"),
        (1e21, "1000000000000000000000"),
        (1.5e-7, "0.00000015"),
        (-3, "-3"),
        (True, "true"),
        (None, "<null>"),
        ("Team", '"Team"'),
        ("[secret]", "[secret]"),
        (WRAPPED, "[secret]"),
        (UNKNOWN, "[unknown]"),
    ],
)
def test_a_value_in_words(value: Any, text: str) -> None:
    """Numbers in plain digits, texts in quotes, what may not or cannot be told in brackets."""
    assert primitive(value) == text


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False).map(float))
def test_amounts_are_exact(amount: float) -> None:
    """Whatever number is written, the same number is read, and never an exponent."""
    text = primitive(amount)
    assert Decimal(text) == Decimal(repr(amount))
    assert "e" not in text.lower()


@pytest.mark.parametrize(
    ("text", "shown"), [("Grüße\n", '"Grüße\\n"'), ('a"b\\', '"a\\"b\\\\"'), ("\x00\u200b", '"\\x00\\u200b"')]
)
def test_texts_stay_on_their_line(text: str, shown: str) -> None:
    """What cannot be seen is written so that it can."""
    assert quoted(text) == shown


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_one_printable_line(text: str) -> None:
    """A value cannot forge a line of the console, nor colours of the terminal."""
    assert quoted(text).isprintable()


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_plain_texts_are_json(text: str) -> None:
    """They can be copied into a program."""
    assert json.loads(quoted(text)) == text


def test_empty_values_are_not_worth_a_line() -> None:
    """Zero and no are values all the same: a price of 0 is free."""
    values: list[Any] = [None, "", [], {}, 0, False, "x"]
    assert [value for value in values if is_told(value)] == [0, False, "x"]
