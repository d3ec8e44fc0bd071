"""`stack rename`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import local_engine
from local_engine.errors import BackendError, LockedError, StackError, StateError
from local_engine.renaming import renamed_urn
from tests.local_engine.deployments import checkpoint, deployment, provisioned, tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_engine.stage import Stage


def _rename(stage: Stage, new: str = "prod", **options: Any) -> None:
    local_engine.stack_rename(stage.project, "dev", new, environ=stage.environ, **options)


def test_every_urn_has_the_new_name(stage: Stage) -> None:
    """URNs, parents, dependencies, providers, aliases and pending operations change; ciphertexts and times do not."""
    before = deployment()
    provisioned(stage).state_file.write_text(checkpoint(before))
    _rename(stage)
    text = json.dumps(before).replace("urn:pulumi:dev::", "urn:pulumi:prod::").replace("::toy-dev", "::toy-prod")
    found = json.loads(stage.state_file.with_name("prod.json").read_text())
    assert found["checkpoint"] == {"stack": "organization/toy/prod", "latest": json.loads(text)}


def test_files_move_as_with_the_cli(stage: Stage) -> None:
    """State, history and settings have the new name; the backup keeps the old name, as do earlier backups."""
    text = provisioned(stage).state_file.read_bytes()
    _rename(stage)
    files = tree(stage.state_directory / ".pulumi")
    assert sorted(files) == [
        "backups/toy/dev/dev.17.json",
        "history/toy/prod/prod-17.checkpoint.json",
        "history/toy/prod/prod-17.history.json",
        "meta.yaml",
        "stacks/toy/dev.json.bak",
        "stacks/toy/prod.json",
    ]
    assert files["stacks/toy/dev.json.bak"] == text
    assert sorted(path.name for path in stage.directory.glob("Pulumi.*.yaml")) == ["Pulumi.prod.yaml"]


def test_the_renamed_stack_goes_on(stage: Stage) -> None:
    """The next preview under the new name finds everything as it was."""
    stage.program('Thing("a", label=pulumi.Output.secret("hush"), size=1)')
    stage.up()
    _rename(stage)
    stage.stack = "prod"
    assert stage.preview().changes == {"same": 2}


def test_no_passphrase_is_needed(stage: Stage) -> None:
    """Secrets stay closed."""
    del provisioned(stage).environ["PULUMI_CONFIG_PASSPHRASE"]
    _rename(stage)
    assert local_engine.list_stacks(stage.project, environ=stage.environ) == ["prod"]


def test_settings_of_ones_own_stay_where_they_are(stage: Stage, tmp_path: Path) -> None:
    """With a config file named by the caller neither it nor the committed one moves."""
    own = tmp_path / "own.yaml"
    own.write_text("")
    _rename(provisioned(stage), config_file=own)
    assert own.exists()
    assert (stage.directory / "Pulumi.dev.yaml").exists()


@pytest.mark.parametrize(
    ("new", "why"),
    [("other", "stack 'other' already exists"), ("../x", "is not a stack name"), ("taken", r"Pulumi\.taken\.yaml")],
)
def test_a_name_that_cannot_be(stage: Stage, new: str, why: str) -> None:
    """Names that are none or that are taken, by a state or by settings, change nothing."""
    local_engine.stack_init(stage.project, "other", environ=stage.environ)
    (stage.directory / "Pulumi.taken.yaml").write_text("")
    before = tree(provisioned(stage).directory.parent)
    with pytest.raises(StackError, match=why):
        _rename(stage, new)
    assert tree(stage.directory.parent) == before


def test_a_locked_stack_keeps_its_name(stage: Stage) -> None:
    """Whoever works on the stack relies on its name."""
    lock = stage.state_directory / ".pulumi/locks/organization/toy/dev/x.json"
    lock.parent.mkdir(parents=True)
    lock.write_text("{}")
    before = tree(provisioned(stage).directory.parent)
    with pytest.raises(LockedError):
        _rename(stage)
    assert tree(stage.directory.parent) == before


def test_a_state_that_does_not_hold_together_keeps_its_name(stage: Stage) -> None:
    """What is broken is not spread."""
    latest = deployment()
    latest["resources"].reverse()
    provisioned(stage).state_file.write_text(checkpoint(latest))
    before = tree(stage.directory.parent)
    with pytest.raises(StateError, match="snapshot integrity failure"):
        _rename(stage)
    assert tree(stage.directory.parent) == before


def test_a_rename_that_stops_half_way_loses_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old state goes only when the new one is written and the settings have moved."""
    provisioned(stage)

    def stop(*_places: Path) -> None:
        raise BackendError("stopped")

    monkeypatch.setattr("local_engine.renaming.move", stop)
    with pytest.raises(BackendError, match="stopped"):
        _rename(stage)
    assert local_engine.list_stacks(stage.project, environ=stage.environ) == ["dev", "prod"]


@pytest.mark.parametrize(
    ("urn", "expected"),
    [
        ("urn:pulumi:dev::toy::a:b:C::dev", "urn:pulumi:new::toy::a:b:C::dev"),
        ("urn:pulumi:dev2::toy::a:b:C::n", "urn:pulumi:dev2::toy::a:b:C::n"),
        ("urn:pulumi:dev::toy::a:b:C::toy-dev", "urn:pulumi:new::toy::a:b:C::toy-dev"),
        ("urn:pulumi:dev::toy::pulumi:pulumi:Stack::toy-dev", "urn:pulumi:new::toy::pulumi:pulumi:Stack::toy-new"),
    ],
)
def test_only_the_stack_is_renamed(urn: str, expected: str) -> None:
    """Another stack's URN and a resource that happens to be named like the stack stay."""
    assert renamed_urn(urn, "toy", "dev", "new") == expected
