"""The documents of one kind, in the order of their creation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_emulator import table
from stripe_emulator.table import Table

STEPS = st.lists(st.tuples(st.sampled_from("pr"), st.integers(0, 3)), min_size=10, max_size=60)


@given(STEPS, st.integers(0, 3))
def test_table_is_a_list_that_forgets(steps: list[tuple[str, int]], holes: int) -> None:
    """Whatever is put and removed: order, places and indexes agree with a plain list, and room is given back."""
    documents = Table()
    plain: dict[str, int] = {}
    documents.with_value("n", 0)  # there is an index from the beginning
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_FEW_HOLES", holes)
        for number, (step, name) in enumerate(steps):
            if step == "p":
                documents.put(str(name), {"n": number % 3, "created": number})
                plain[str(name)] = number % 3
            else:
                documents.remove(str(name))
                plain.pop(str(name), None)
    names = list(plain)
    assert list(documents.documents) == names
    assert list(documents.newest_first()) == names[::-1]
    for at, identifier in enumerate(names):
        assert list(documents.newest_first(identifier)) == names[:at][::-1]
        assert list(documents.oldest_first(identifier)) == names[at + 1 :]
        assert documents.with_value("n", plain[identifier]) == {one for one in names if plain[one] == plain[identifier]}
    assert len(documents._order) <= 2 * len(names) + holes
