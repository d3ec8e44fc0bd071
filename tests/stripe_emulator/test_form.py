"""Decoding of forms, against the official client's own encoder."""

from __future__ import annotations

import urllib.parse
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode  # what the client sends; there is no public name for it

from stripe_emulator.errors import StripeError
from stripe_emulator.form import decode

NAMES = st.text(alphabet="abcxyz_", min_size=1, max_size=5)
VALUES = st.recursive(
    st.text(max_size=8),
    lambda inner: st.one_of(
        st.dictionaries(NAMES, inner, min_size=1, max_size=3), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


def numbered(value: Any) -> Any:
    """Return what the client's `[0]` arrays decode to: dicts of digits."""
    if isinstance(value, list):
        return {str(index): numbered(element) for index, element in enumerate(value)}
    if isinstance(value, dict):
        return {name: numbered(element) for name, element in value.items()}
    return value


@given(params=st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_the_client_encodes_is_decoded(params: dict[str, Any]) -> None:
    """Every nesting of hashes, arrays and strings survives the wire."""
    wire = urllib.parse.urlencode(list(_api_encode(params)))
    assert decode(wire) == numbered(params)


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("a=1&a=2", {"a": "2"}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[b][c]=1", {"a": {"b": {"c": "1"}}}),
        ("a[][x]=1&a[][y]=2&a[][x]=3", {"a": [{"x": "1", "y": "2"}, {"x": "3"}]}),
        ("a%5Bb%5D=%20+", {"a": {"b": "  "}}),
        ("a=", {"a": ""}),
        ("a[b=1", {"a[b": "1"}),
        ("", {}),
        (f"a{'[b]' * 5000}=1", {f"a{'[b]' * 5000}": "1"}),
    ],
)
def test_known_forms(text: str, decoded: dict[str, Any]) -> None:
    """Brackets nest, empty brackets append, the last of two equals wins, broken brackets are a name."""
    assert decode(text) == decoded


@pytest.mark.parametrize("text", ["a=1&a[b]=2", "a=1&a[]=2", "a[b]=1&a[]=2", "a[]=1&a[b]=2"])
def test_mixed_shapes_are_refused(text: str) -> None:
    """A name is a scalar, a hash or an array, not two of them."""
    with pytest.raises(StripeError, match="Invalid"):
        decode(text)
