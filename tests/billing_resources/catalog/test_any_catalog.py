"""What holds for every catalog, good or bad."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from billing_resources.catalog.loader import Catalog, load_catalog
from billing_resources.catalog.manifest import of_catalog, validated
from billing_resources.catalog.problems import InvalidCatalog
from billing_resources.catalog.schema import catalog_schema
from tests.billing_resources.strategies import Args, endpoints, meters, prices, products, words

SCHEMA = Draft202012Validator(catalog_schema())
KEYS = st.sampled_from(["a", "b", "team", "alpaca-ai", "x_1"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)


def in_catalog(price: Args) -> Args:
    """A price as a catalog writes it: named by its plan, with unique names, and with meters of the catalog."""
    kept = {name: value for name, value in price.items() if name not in {"product", "lookup_key", "default", "limits"}}
    if "meter" in kept.get("recurring", {}):
        kept["recurring"] = {**kept["recurring"], "meter": "tokens"}
    return kept


priced = st.dictionaries(KEYS, prices.map(in_catalog), max_size=2)
plans = st.builds(lambda product, prices: {**product, "prices": prices}, products, priced)
catalogs = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "meters": meters.map(lambda meter: {"tokens": meter}),
        "plans": st.dictionaries(KEYS, plans, max_size=2),
    },
    optional={"webhook_endpoints": st.dictionaries(KEYS, endpoints, max_size=1)},
)


def load(data: Any) -> Catalog:
    """The catalog of this data; JSON is YAML."""
    with TemporaryDirectory() as directory:
        path = Path(directory, "catalog.yaml")
        path.write_text(json.dumps(data), encoding="utf-8")
        return load_catalog(path)


@given(catalogs)
def test_good_catalogs_are_good_everywhere(data: Args) -> None:
    """The loader takes them, editors mark nothing, and their manifest follows its schema."""
    assert [error.message for error in SCHEMA.iter_errors(data)] == []
    assert validated(of_catalog(load(data), "billing", "dev"))["plans"].keys() == data["plans"].keys()


@given(catalogs)
def test_the_full_form_means_the_same(data: Args) -> None:
    """Reading what was read changes nothing."""
    once = load(data)
    assert load(once.data).data == once.data


@given(catalogs, st.data())
def test_a_broken_place_is_refused_or_taken_but_never_breaks(data: Args, draw: st.DataObject) -> None:
    """Whatever stands wherever: a catalog, or problems with places."""
    broken = deepcopy(data)
    container: Any = broken
    while True:
        key = draw.draw(st.sampled_from(sorted(container) if isinstance(container, dict) else range(len(container))))
        inner = container[key]
        if not isinstance(inner, (dict, list)) or not inner or draw.draw(st.booleans()):
            break
        container = inner
    container[key] = draw.draw(ANYTHING)
    with suppress(InvalidCatalog):
        assert validated(of_catalog(load(broken), "billing", "dev"))
