"""What exists comes into the stack: by the option `import_`, and by the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local_engine import EngineError, ImportSpec

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

THING = "pulumi-python:dynamic/billing:Thing"
REPLACED = {"changes": "DIFF_SOME", "replaces": ["size"]}


def _wants(stage: Stage, options: str = 'import_="th_live"', label: str = "live", size: int = 7) -> None:
    stage.program(f'a = Thing("a", label="{label}", size={size}, opts=RO({options}))')


def _imported(stage: Stage, options: str = 'import_="th_live"') -> Stage:
    stage.behave(read_provider_blob=True)
    _wants(stage, options)
    assert stage.up().changes == {"create": 1, "import": 1}
    return stage


def _x(identifier: str = "th_x", name: str = "x", parent: str | None = None) -> ImportSpec:
    return ImportSpec(THING, name, identifier, parent)


def _says(stage: Stage, result: Any, text: str, severity: str = "error") -> bool:
    return any(text in found["message"] for found in result.diagnostics if found["severity"] == severity)


def test_an_import_that_would_be_replaced_stays_imported(stage: Stage) -> None:
    """A preview warns and shows it; an update takes the object over as it is, refuses to go on, and makes nothing."""
    stage.behave(read_provider_blob=True)
    _wants(stage, size=8)
    shown = stage.preview()
    assert (shown.exit_code, shown.changes) == (0, {"create": 1, "import": 1, "replace": 1})
    assert _says(stage, shown, "may not be replaced", "warning")
    assert _says(stage, stage.up(), "remove the `import` declaration from your program;\nsize: {7} => {8}")
    assert (stage.resources()["a"]["id"], stage.resources()["a"]["inputs"]["size"]) == ("th_live", 7)
    assert stage.calls("Create", "Delete") == []


def test_a_later_replacement_of_an_import_is_refused_alike(stage: Stage) -> None:
    """As long as the program names the id, only a warning in a preview and an error in an update come of it."""
    _wants(_imported(stage), "delete_before_replace=True, import_='th_live'", size=8)
    shown = stage.preview()
    assert (shown.exit_code, shown.changes) == (0, {"replace": 1, "same": 1})
    assert _says(stage, stage.up(), "size: {7} => {8}")
    _wants(stage, "delete_before_replace=True", size=8)
    assert stage.up().changes == {"replace": 1, "same": 1}


def test_a_protected_import_that_would_be_replaced(stage: Stage) -> None:
    """Both reasons are told in a preview, and it fails."""
    stage.behave(read_provider_blob=True)
    _wants(stage, 'import_="th_live", protect=True', size=8)
    shown = stage.preview()
    assert shown.exit_code == 1
    assert _says(stage, shown, "marked for protection")
    assert _says(stage, shown, "may not be replaced", "warning")


def test_inputs_that_make_no_difference_stay_as_read(stage: Stage) -> None:
    """Where the provider sees no difference the import was all: the state has what was read, not what was asked."""
    stage.behave(read_provider_blob=True, diff={"a": {"changes": "DIFF_NONE"}})
    _wants(stage, label="Live")
    assert stage.up().changes == {"create": 1, "import": 1}
    assert stage.resources()["a"]["inputs"]["label"] == "live"


def test_ignored_changes_are_not_written(stage: Stage) -> None:
    """What the program ignores is taken from what was read."""
    stage.behave(read_provider_blob=True)
    _wants(stage, 'import_="th_live", ignore_changes=["label"]', label="other")
    assert stage.up().changes == {"create": 1, "import": 1}
    assert stage.calls("Update") == []


def test_inputs_that_are_refused_leave_the_import(stage: Stage) -> None:
    """The object is in the state, the reason is told, and nothing is written to it."""
    stage.behave(read_provider_blob=True, check_fail={"a": [{"property": "label", "reason": "bad"}]})
    _wants(stage)
    assert _says(stage, stage.up(), "property label value {live} has a problem: bad")
    assert stage.resources()["a"]["importID"] == "th_live"


def test_an_update_that_fails_leaves_the_import(stage: Stage) -> None:
    """The next run finds the difference again, and needs no other import."""
    stage.behave(read_provider_blob=True, fail_update={"a": {"kind": "error", "msg": "no"}})
    _wants(stage, label="new")
    assert stage.up().exit_code == 1
    assert stage.resources()["a"]["inputs"]["label"] == "live"
    stage.behave(read_provider_blob=True)
    assert stage.up().changes == {"same": 1, "update": 1}
    assert stage.calls("Read") == []


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"no_inputs": True}, "provider does not support importing resources"),
        ({"error": {"msg": "boom"}}, "boom"),
        ({"gone": True}, "resource 'th_live' does not exist"),
    ],
)
def test_what_cannot_be_read_is_not_imported(stage: Stage, wanted: dict[str, Any], says: str) -> None:
    """Nothing comes into the state, and nothing is made instead, by the option and by the command."""
    stage.behave(read={"th_live": wanted})
    _wants(stage)
    assert _says(stage, stage.up(), says)
    assert "a" not in stage.resources()
    done = stage.import_([_x("th_live")])
    assert _says(stage, done, says)
    assert _says(stage, done, f"update failed: step application failed: {says}")
    assert "x" not in stage.resources()
    assert stage.calls("Create") == []


def test_another_id_takes_the_place(stage: Stage) -> None:
    """The new object is imported and changed, its dependents follow, and the old one is deleted last."""
    _imported(stage)
    stage.program('a = Thing("a", label="new", size=7, opts=RO(import_="th_other"))\nThing("b", label=a.id, size=1)')
    assert stage.up().changes == {"replace": 1, "update": 1, "create": 1, "same": 1}
    made = [call for call in stage.calls() if call[0] in {"Read", "Update", "Create", "Delete"}]
    assert made == [("Read", "a"), ("Update", "a"), ("Create", "b"), ("Delete", "a")]
    assert stage.resources()["b"]["inputs"]["label"] == "th_other"


def test_an_old_object_that_cannot_be_deleted_is_not_forgotten(stage: Stage) -> None:
    """It stays in the state beside the one that took its place, and the next run deletes it."""
    _wants(_imported(stage), 'import_="th_other"')
    stage.behave(read_provider_blob=True, fail_delete={"a": {"kind": "error", "msg": "no"}})
    assert stage.up().exit_code == 1
    places = [(one["id"], one.get("delete")) for one in stage.state()["resources"] if one["urn"].endswith("::a")]
    assert places == [("th_other", None), ("th_live", True)]
    stage.behave(read_provider_blob=True)
    assert stage.up().exit_code == 0
    assert stage.calls("Delete", "Read") == [("Delete", "a")]


def test_another_id_that_is_gone_changes_nothing(stage: Stage) -> None:
    """The resource keeps its object."""
    _wants(_imported(stage), 'import_="th_gone"')
    stage.behave(read={"th_gone": {"gone": True}})
    assert stage.up().exit_code == 1
    assert stage.resources()["a"]["id"] == "th_live"
    assert stage.calls("Delete") == []


def test_another_id_of_what_is_retained(stage: Stage) -> None:
    """The old object leaves the state and stays in the world."""
    _wants(_imported(stage, 'import_="th_live", retain_on_delete=True'), 'import_="th_2", retain_on_delete=True')
    assert stage.up().changes == {"replace": 1, "same": 1}
    assert stage.calls("Delete") == []
    assert stage.resources()["a"]["id"] == "th_2"


def test_an_import_in_the_place_of_what_was_deleted_already(stage: Stage) -> None:
    """After a replacement that got no further than the deletion, an import deletes nothing twice."""
    _wants(stage, "delete_before_replace=True", size=1)
    stage.up()
    stage.behave(fail_create={"a": {"kind": "error", "msg": "no"}})
    _wants(stage, "delete_before_replace=True", size=2)
    assert stage.up().exit_code == 1
    assert stage.resources()["a"]["pendingReplacement"]
    stage.behave(read_provider_blob=True)
    _wants(stage)
    assert stage.up().exit_code == 0
    assert stage.calls("Delete") == []
    assert [found["id"] for found in stage.state()["resources"] if found["urn"].endswith("::a")] == ["th_live"]


def test_what_was_looked_up_is_taken_over(stage: Stage) -> None:
    """A look-up that becomes an import is managed from then on, and nothing is deleted."""
    _wants(stage, 'id="th_live"')
    stage.up()
    stage.behave(read_provider_blob=True)
    _wants(stage)
    assert stage.up().changes == {"replace": 1, "same": 1}
    assert stage.calls("Delete") == []
    assert "external" not in stage.resources()["a"]


def test_a_renamed_import_is_not_imported_again(stage: Stage) -> None:
    """An alias finds it; with another id the old one, under its old name, is deleted."""
    _imported(stage)
    renamed = 'Thing("b", label="live", size=7, opts=RO(import_="{}", aliases=[pulumi.Alias(name="a")]))'
    stage.program(renamed.format("th_live"))
    assert stage.up().changes == {"same": 2}
    stage.program(renamed.format("th_other").replace('"b"', '"c"').replace('name="a"', 'name="b"'))
    assert stage.up().changes == {"same": 1, "replace": 1}
    assert set(stage.resources()) == {"toy-dev", "default", "c"}


def test_a_failed_import_leaves_out_its_dependents_only(stage: Stage) -> None:
    """With continue-on-error the rest is made, and the program comes to its end."""
    stage.behave(read={"th_live": {"gone": True}})
    stage.program(
        'a = Thing("a", label="live", size=7, opts=RO(import_="th_live"))\n'
        'Thing("b", label=a.id, size=1)\nThing("c", label="x", size=1)'
    )
    assert stage.up(continue_on_error=True).exit_code == 1
    assert set(stage.resources()) == {"toy-dev", "default", "c"}


def test_the_command_protects_unless_told(stage: Stage) -> None:
    """Protected, with the inputs that were read, and no trace of an option that no program has."""
    stage.behave(read_provider_blob=True, check_default={"x": {"extra": "d"}})
    assert stage.import_([_x()]).changes == {"create": 1, "import": 1}
    assert stage.import_([_x("th_y", "y")], protect=False).changes == {"import": 1, "same": 2}
    x, y = stage.resources()["x"], stage.resources()["y"]
    assert (x["protect"], y.get("protect"), x.get("importID")) == (True, None, None)
    assert set(x["inputs"]) == {"label", "size", "__provider"}


def test_a_dry_run_reads_and_writes_nothing(stage: Stage) -> None:
    """The provider looks, the state stays empty, and there is no history of it."""
    before = stage.state_file.read_text()
    assert stage.import_([_x()], dry_run=True).changes == {"create": 1, "import": 1}
    assert stage.calls("Read") == [("Read", "x")]
    assert stage.state_file.read_text() == before
    assert not (stage.state_directory / ".pulumi" / "history").exists()


def test_the_history_tells_of_an_import(stage: Stage) -> None:
    """Its kind is the CLI's."""
    stage.import_([_x()])
    [path] = (stage.state_directory / ".pulumi" / "history").rglob("*.history.json")
    entry = json.loads(path.read_text())
    assert (entry["kind"], entry["result"]) == ("resource-import", "succeeded")


def test_what_is_there_is_not_imported_again(stage: Stage) -> None:
    """From the same id it is passed over; from another id it is refused, and stays as it was."""
    stage.import_([_x()])
    again = stage.import_([_x()])
    assert (again.exit_code, again.changes) == (0, {"same": 2})
    assert stage.calls("Read") == []
    urn = stage.resources()["x"]["urn"]
    assert _says(stage, stage.import_([_x("th_other")]), f"resource '{urn}' already exists")
    assert stage.resources()["x"]["id"] == "th_x"


def test_an_object_under_two_names_is_told_of(stage: Stage) -> None:
    """The CLI lets it pass, and so does this engine, with a warning."""
    stage.import_([_x()])
    done = stage.import_([_x("th_x", "y")])
    assert done.changes == {"import": 1, "same": 2}
    assert _says(stage, done, "'th_x' is in this stack already, as 'x'", "warning")


def test_children_come_after_their_parents(stage: Stage) -> None:
    """A parent in the same run is imported first; when it cannot be, its children are not tried."""
    specs = [_x("th_k", "kid", "mum"), _x("th_m", "mum")]
    stage.behave(read={"th_m": {"gone": True}})
    assert stage.import_(specs).exit_code == 1
    assert stage.calls("Read") == [("Read", "mum")]
    stage.behave()
    assert stage.import_(specs).changes == {"import": 2, "same": 1}
    assert stage.resources()["kid"]["parent"] == stage.resources()["mum"]["urn"]


def test_a_parent_that_is_not_there(stage: Stage) -> None:
    """A URN that neither the state nor the run has is named."""
    done = stage.import_([_x(parent=f"urn:pulumi:dev::toy::{THING}::nobody")])
    assert _says(stage, done, f"unknown parent 'urn:pulumi:dev::toy::{THING}::nobody' for resource")
    assert "x" not in stage.resources()


def test_inputs_that_the_provider_refuses_are_imported(stage: Stage) -> None:
    """What the provider has read itself is kept; what it says against it is a warning."""
    stage.behave(check_fail={"x": [{"property": "label", "reason": "bad"}]})
    done = stage.import_([_x()])
    assert done.exit_code == 0
    assert _says(stage, done, "One or more imported inputs failed to validate.", "warning")
    assert _says(stage, done, "property label value {live} has a problem: bad", "warning")
    assert stage.resources()["x"]["inputs"]["label"] == "live"


def test_a_check_that_fails_imports_nothing(stage: Stage) -> None:
    """A provider that cannot check has not imported."""
    stage.behave(err_check={"x": {"msg": "cboom"}})
    assert _says(stage, stage.import_([_x()]), "cboom")
    assert "x" not in stage.resources()


def test_nothing_to_import_is_nothing_done(stage: Stage) -> None:
    """No provider is started, and no resource is made."""
    assert stage.import_([]).changes == {}
    assert (stage.resources(), stage.lines()) == ({}, [])


def test_a_bad_import_is_refused_before_anything_begins(stage: Stage) -> None:
    """Nothing is locked, started or written."""
    before = stage.state_file.read_text()
    with pytest.raises(EngineError, match="is imported 2 times"):
        stage.import_([_x(), _x("th_y")])
    assert stage.state_file.read_text() == before


def test_a_new_default_provider_has_the_configuration(stage: Stage) -> None:
    """The provider that an import makes is the one that the next update uses."""
    stage.config("config:\n  pulumi-python:region: eu\n")
    stage.behave(read_provider_blob=True)
    stage.import_([_x()], protect=False)
    assert stage.resources()["default"]["inputs"] == {"pulumi-python:region": "eu"}
    stage.program('Thing("x", label="live", size=7)')
    assert stage.preview().changes == {"same": 2}
