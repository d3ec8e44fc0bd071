"""What one stack has otherwise: RFC 7386, applied before the checks, and blamed for its own problems."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.overrides import merged
from billing_resources.catalog.problems import InvalidCatalog

Load = Callable[..., Catalog]
CATALOG = """\
version: 1
currency: usd
plans:
  team:
    name: Team
    rank: 1
    prices:
      monthly: {unit_amount: 1200, recurring: month}
"""
APPENDIX = [  # the table of RFC 7386, appendix A
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(("target", "patch", "result"), APPENDIX)
def test_the_table_of_the_rfc_holds(target: Any, patch: Any, result: Any) -> None:
    """Every row of appendix A."""
    assert merged(target, patch) == result


@given(JSON, JSON)
def test_a_patch_holds_after_it_was_applied(target: Any, patch: Any) -> None:
    """Applying it again changes nothing, and neither side is touched."""
    before = deepcopy((target, patch))
    once = merged(target, patch)
    assert merged(once, patch) == once
    assert (target, patch) == before


def test_short_forms_may_be_patched(load: Load) -> None:
    """The patch is applied to what is written, before short forms are written out."""
    patch = {"plans": {"team": {"prices": {"monthly": {"recurring": "year"}}}}}
    assert load(CATALOG, patch).data["plans"]["team"]["prices"]["monthly"]["recurring"] == {"interval": "year"}


BLAMED = {
    "plans.team.rank: takes a whole number": {"plans": {"team": {"rank": "x"}}},
    "plans.team.name: is required": {"plans": {"team": {"name": None}}},
    "plans.beta.name: is required": {"plans": {"beta": {"rank": 2}}},
    "plans.team.prices.monthly.recurring.interval: must be 'day', 'week', 'month' or 'year'": {
        "plans": {"team": {"prices": {"monthly": {"recurring": {"interval": "x"}}}}}
    },
    "plans: takes an object with named fields": {"plans": []},
    "plans.tema: removes what is not there: did you mean team?": {"plans": {"tema": None}},
    "plans.team.prices.yearly: removes what is not there: there are monthly": {
        "plans": {"team": {"prices": {"yearly": None}}}
    },
    "alerts.many: removes what is not there: there are none": {"alerts": {"many": None}},
}


@pytest.mark.parametrize("problem", BLAMED)
def test_a_problem_of_the_patch_is_said_to_be_its(load: Load, problem: str) -> None:
    """What the patch wrote or removed has no line in the file."""
    with pytest.raises(InvalidCatalog) as caught:
        load(CATALOG, BLAMED[problem])
    assert caught.value.problems == [f"billing:overrides of stack dev: {problem}"]


def test_a_problem_of_the_file_keeps_its_line(load: Load) -> None:
    """A patch beside it changes nothing about whose problem it is."""
    with pytest.raises(InvalidCatalog) as caught:
        load(CATALOG.replace("rank: 1", "rank: one"), {"plans": {"team": {"badge": "New"}}})
    assert caught.value.problems == ["catalog.yaml:6:5: plans.team.rank: takes a whole number"]
