"""Made-up property values for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from local_engine.values import SIGNATURE, UNKNOWN, UNKNOWN_TEXT, Reference, Secret

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: text != UNKNOWN_TEXT)
keys = texts.filter(lambda text: text != SIGNATURE)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32)
_URNS = ["urn:pulumi:dev::shop::x:y:Plan::team", "urn:pulumi:dev::shop::x:y:Plan$pulumi-python:dynamic/x:Thing::a"]
references = st.builds(Reference, st.sampled_from(_URNS), st.none() | texts)
leaves: st.SearchStrategy[Any] = st.none() | st.booleans() | numbers | texts | references


def nested(base: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Put values into lists, objects and secrets."""
    return st.recursive(
        base,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3) | inner.map(Secret),
        max_leaves=8,
    )


values = nested(leaves | st.just(UNKNOWN))
known_values = nested(leaves)
properties = st.dictionaries(keys, values, max_size=4)
known_properties = st.dictionaries(keys, known_values, max_size=4)
