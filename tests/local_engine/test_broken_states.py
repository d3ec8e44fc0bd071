"""A state file that was cut, edited, or written by somebody newer: one sentence, and not a byte changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import local_engine
from local_engine.errors import BackendError, EngineError, StateError
from tests.local_engine.deployments import checkpoint, deployment, provisioned, tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local_engine.stage import Stage

WHOLE = checkpoint(deployment()).encode()
ONE_STAGE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def _operations(stage: Stage) -> list[Callable[[], Any]]:
    project, environ = stage.project, stage.environ
    return [
        lambda: local_engine.stack_outputs(project, "dev", environ=environ),
        lambda: local_engine.stack_outputs(project, "dev", environ=environ, show_secrets=True),
        lambda: local_engine.stack_export(project, "dev", environ=environ),
        lambda: local_engine.stack_summaries(project, environ=environ),
        lambda: local_engine.state_unprotect(project, "dev", environ=environ),
        lambda: local_engine.stack_rename(project, "dev", "prod", environ=environ),
        lambda: local_engine.stack_import(
            project, "dev", json.dumps({"version": 3, "deployment": {}}), environ=environ
        ),
        lambda: local_engine.stack_remove(project, "dev", force=True, environ=environ),
        lambda: local_engine.preview(stage.make_run()),
        lambda: local_engine.destroy(stage.make_run()),
    ]


def _all_refuse(stage: Stage, content: bytes, why: str) -> None:
    stage.state_file.write_bytes(content)
    before = tree(stage.directory.parent)
    for operation in _operations(stage):
        with pytest.raises(EngineError, match=why) as refused:
            operation()
        assert "\n" not in str(refused.value)
    assert tree(stage.directory.parent) == before


@ONE_STAGE
@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_was_cut(stage: Stage, length: int) -> None:
    """Wherever it was cut, every command says where to find a whole one."""
    _all_refuse(stage, WHOLE[:length], r"dev\.json cannot be used: .*Restore it from dev\.json\.bak|it is not UTF-8")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x00" * 100, "it is not a Pulumi checkpoint"),
        (b"\xff\xfe", "cannot be read: it is not UTF-8 text"),
        (b"[" * 100_000, "it is not a Pulumi checkpoint"),
        (checkpoint(deployment(), version=4).encode(), "it has version 4, .* the Pulumi CLI may read it"),
        (checkpoint(deployment(), version=2).encode(), "it has version 2, and this engine reads version 3"),
        (checkpoint(deployment(), version="3").encode(), "it has version 3"),
        (WHOLE.replace(b'"v3.260.0"', b'"v3.261.0"'), "its magic cookie does not match"),
        (WHOLE.replace(b'"resources":[', b'"resources":7,"x":['), "it is not as Pulumi writes it"),
    ],
)
def test_a_file_that_cannot_be_used(stage: Stage, content: bytes, why: str) -> None:
    """Damage, another version and a broken seal are told apart."""
    _all_refuse(stage, content, why)


def _broken(change: Callable[[dict[str, Any]], object]) -> bytes:
    latest = deployment()
    change(latest)
    return checkpoint(latest).encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            _broken(lambda latest: latest["resources"].reverse()),
            "refers to unknown provider|refers to missing resource",
        ),
        (_broken(lambda latest: latest["resources"].pop(1)), "refers to unknown provider"),
        (_broken(lambda latest: latest["resources"].append(latest["resources"][2])), "duplicate resource"),
        (_broken(lambda latest: latest["resources"].pop(2)), "refers to missing resource"),
        (_broken(lambda latest: latest["resources"][2].pop("urn")), "not as Pulumi writes it"),
        (WHOLE.replace(b"urn:pulumi:dev::toy", b"urn:pulumi:dev::other"), "of another stack or project"),
        (WHOLE.replace(b"urn:pulumi:dev::", b"urn:pulumi:prod::"), "of another stack or project"),
    ],
)
def test_a_file_that_does_not_hold_together(stage: Stage, content: bytes, why: str) -> None:
    """Whoever would build on it refuses; it can still be exported, repaired, and imported, or removed."""
    stage.state_file.write_bytes(content)
    before = tree(stage.directory.parent)
    operations = _operations(stage)
    for number in (0, 1, 4, 5, 8, 9):
        with pytest.raises(EngineError, match=why):
            operations[number]()
    assert tree(stage.directory.parent) == before
    assert operations[2]()["version"] == 3


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in pairs for place in _places(item, (*path, key)))]


def _with(path: tuple[Any, ...], value: Any) -> str:
    found = json.loads(WHOLE)
    if not path:
        return json.dumps(value)
    holder = found
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return json.dumps(found)


@ONE_STAGE
@given(st.sampled_from(_places(json.loads(WHOLE))), JSON)
def test_any_other_value_at_any_place(stage: Stage, path: tuple[Any, ...], value: Any) -> None:
    """Nothing that JSON can say at any place ends in a traceback, and what is refused is not changed."""
    for number in (0, 1, 2, 3, 4, 5):
        (stage.directory / "Pulumi.prod.yaml").unlink(missing_ok=True)
        stage.state_file.with_name("prod.json").unlink(missing_ok=True)
        provisioned_again(stage, _with(path, value))
        before = tree(stage.state_directory)
        try:
            _operations(stage)[number]()
        except EngineError:
            assert tree(stage.state_directory) == before


def provisioned_again(stage: Stage, text: str) -> None:
    """The same stage with another state."""
    stage.config("")
    stage.state_file.write_text(text)


def test_the_backup_is_a_way_out(stage: Stage) -> None:
    """What the sentence proposes works: the .bak in the place of the broken file is the state before."""
    provisioned(stage)
    local_engine.state_unprotect(stage.project, "dev", environ=stage.environ)
    stage.state_file.write_text(stage.state_file.read_text()[:-1])
    with pytest.raises(StateError, match=r"Restore it from dev\.json\.bak"):
        local_engine.stack_outputs(stage.project, "dev", environ=stage.environ)
    stage.state_file.with_name("dev.json.bak").replace(stage.state_file)
    assert stage.resources()["b"]["protect"] is True
    assert local_engine.stack_outputs(stage.project, "dev", environ=stage.environ)["n"] == 1


def test_a_state_in_a_wrong_encoding_is_told(stage: Stage) -> None:
    """A file that an editor saved as UTF-16 is not read as something else."""
    stage.state_file.write_text(WHOLE.decode(), encoding="utf-16")
    with pytest.raises(BackendError, match="it is not UTF-8 text"):
        local_engine.stack_outputs(stage.project, "dev", environ=stage.environ)
