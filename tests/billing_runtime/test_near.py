"""Near names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from billing_runtime._near import near_names

NAMES = st.lists(st.text(min_size=1, max_size=12), max_size=8, unique=True)


@given(NAMES, st.text(max_size=12))
def test_only_known_names_and_few_of_them(known: list[str], name: str) -> None:
    """Suggestions must exist, and must not drown the reader."""
    near = near_names(name, known)
    assert set(near) <= set(known)
    assert len(near) <= 3


@given(NAMES.filter(bool), st.data())
def test_separators_and_case_do_not_matter(known: list[str], data: st.DataObject) -> None:
    """A name written with other separators must lead to a name that is equal but for them."""
    name = data.draw(st.sampled_from(known))
    assert near_names(name.replace("-", "_"), known)
