"""Numbers, plurals and lists."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_review.telling.masking import masked
from billing_review.telling.places import at, leaves, place_of
from billing_review.telling.words import counted, cut, joined, number, said, some, spelled, with_article


@pytest.mark.parametrize(
    ("count", "noun", "written"),
    [
        (0, "seat", "0 seats"),
        (1, "seat", "1 seat"),
        (2, "seat", "2 seats"),
        (1000, "day", "1,000 days"),
        (2, "agency", "2 agencies"),
        (2, "box", "2 boxes"),
        (2, "licence", "2 licences"),
        (1.0, "branch", "1 branch"),
        (3.0, "branch", "3 branches"),
    ],
)
def test_counted(count: float, noun: str, written: str) -> None:
    """One is one, everything else is several."""
    assert counted(count, noun) == written


@pytest.mark.parametrize(
    ("noun", "written"),
    [
        ("seat", "a seat"),
        ("agent", "an agent"),
        ("unit", "a unit"),
        ("user", "a user"),
        ("hour", "an hour"),
        ("API call", "an API call"),
    ],
)
def test_articles(noun: str, written: str) -> None:
    """The article follows the sound."""
    assert with_article(noun) == written


def test_lists() -> None:
    """The last one is joined by and; to count a single one is no shorter than to name it."""
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b"]) == "a and b"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert some(["a", "b", "c"], most=2, noun="event") == "a, b and c"
    assert some(["a", "b", "c", "d"], most=2, noun="event") == "a, b and 2 more events"


def test_values() -> None:
    """Any value has words."""
    assert said(True) == "yes"
    assert said(20.0) == "20"
    assert said(Decimal("0.5")) == "0.5"
    assert said(["a", 1000]) == "a, 1,000"
    assert said({"tax_id": {"a": False}}) == "Tax id: A: no"
    assert said([]) == "none"
    assert number(1e6) == "1,000,000"
    assert spelled("PortalConfiguration") == "Portal configuration"


@given(st.text(max_size=900), st.text(max_size=900))
def test_long_texts_are_cut(old: str, new: str) -> None:
    """What is shown of two long texts is short, and differs where they differ."""
    shown = cut(old, new)
    assert all(text is not None and len(text) <= 302 for text in shown)
    assert (shown[0] == shown[1]) == (old == new)


@given(
    st.recursive(
        st.integers() | st.text(max_size=3),
        lambda inner: (
            st.dictionaries(st.text("ab.[]", min_size=1, max_size=3), inner, max_size=3) | st.lists(inner, max_size=3)
        ),
    )
)
def test_every_leaf_is_where_it_is_said_to_be(value: object) -> None:
    """What is found at a leaf is a value, never an object."""
    for place in leaves(value):
        assert at(value, place) is not None


def test_places() -> None:
    """Paths as engines write them."""
    assert place_of("tiers[1].up_to") == ("tiers", "1", "up_to")
    assert place_of('limits["a.b"].included') == ("limits", "a.b", "included")
    assert place_of("") == ()


@given(
    st.sampled_from(["sk_", "rk_", "whsec_"]),
    st.from_regex(r"[A-Za-z0-9_]{1,30}", fullmatch=True),
    st.sampled_from(["", " ", "(", "=", "_", "/"]),
)
def test_every_key_is_hidden(beginning: str, rest: str, before: str) -> None:
    """Whatever stands before it that is no letter or digit, and however deep it is."""
    assert beginning not in str(masked({"a": ({"b": f"{before}{beginning}{rest} x"},)}))
