"""The file of many imports: its form, and what is said of a bad one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_engine import EngineError, ImportSpec, read_import_file

GOOD: dict[str, Any] = {"type": "a:b:C", "name": "x", "id": "1"}
texts = st.text(min_size=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that every example writes anew."""
    return tmp_path_factory.mktemp("import") / "imports.json"


def _read(path: Path, text: str) -> list[ImportSpec]:
    path.write_text(text, encoding="utf-8")
    return read_import_file(path)


@given(specs=st.lists(st.builds(ImportSpec, texts, texts, texts), unique_by=lambda spec: spec.name))
def test_what_is_written_is_read(path: Path, specs: list[ImportSpec]) -> None:
    """Type, name and id of every resource, in the order of the file."""
    resources = [{"type": spec.type, "name": spec.name, "id": spec.id} for spec in specs]
    assert _read(path, json.dumps({"resources": resources})) == specs


@given(
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["resources", "nameTable", "type", "name", "id", "parent", "else"]), inner
            )
        ),
    )
)
def test_any_other_json_is_refused_in_words(path: Path, document: Any) -> None:
    """Whatever the JSON is, the answer is a list of imports or one sentence that names the file."""
    try:
        found: list[ImportSpec] | str = _read(path, json.dumps(document))
    except EngineError as error:
        found = str(error)
    assert isinstance(found, list) or str(path) in found


def test_parents_are_looked_up(path: Path) -> None:
    """In the name table, among the other resources by the name of the file, or taken as they are."""
    table = {"team": "urn:pulumi:dev::toy::k::team"}
    resources = [
        {**GOOD, "parent": "team"},
        {**GOOD, "name": "mum", "logicalName": "Mum"},
        {**GOOD, "name": "kid", "parent": "mum"},
        {**GOOD, "name": "other", "parent": "urn:pulumi:x"},
    ]
    found = _read(path, json.dumps({"nameTable": table, "resources": resources}))
    assert [(spec.name, spec.parent) for spec in found] == [
        ("x", "urn:pulumi:dev::toy::k::team"),
        ("Mum", None),
        ("kid", "Mum"),
        ("other", "urn:pulumi:x"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[]", 'expected {"resources"'),
        ('{"resources": {}}', '"resources" a list'),
        ('{"nameTable": [1], "resources": []}', '"nameTable" is a mapping'),
        ('{"resources": [7]}', "resource 0 is not a mapping"),
        (json.dumps({"resources": [{**GOOD, "id": 7}]}), "resource 'x': id is a text"),
        (json.dumps({"resources": [{**GOOD, "parrent": "y"}]}), "resource 'x' has the unknown key parrent"),
        (json.dumps({"resources": [{**GOOD, "component": True}]}), "asks for components"),
        (json.dumps({"resources": [GOOD], "nameTable": {"t": 1}}), "the URN of 't' in nameTable is not a text"),
    ],
)
def test_a_bad_file_is_told_what_is_wrong(path: Path, text: str, says: str) -> None:
    """One sentence with the file and the place."""
    with pytest.raises(EngineError) as caught:
        _read(path, text)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path and the system's reason."""
    with pytest.raises(EngineError, match=r"could not read import file .*nope\.json: No such file or directory\."):
        read_import_file(tmp_path / "nope.json")
