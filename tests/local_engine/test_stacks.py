"""Stacks: made, listed, opened, forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import local_engine
from local_engine.errors import BackendError, EngineError, PassphraseError, StackError
from local_engine.passphrase import Crypter
from local_engine.stacks import backend_of
from tests.local_engine.stage import SALT, Stage

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = 'pulumi.export("plain", 1)\npulumi.export("hidden", pulumi.Output.secret({"k": "hush"}))\n'


def test_a_new_stack_has_the_salt_of_its_config(stage: Stage) -> None:
    """Config file and state keep the same salt; the config file is not touched when it has one."""
    assert stage.state()["secrets_providers"] == {"type": "passphrase", "state": {"salt": SALT}}
    assert (stage.directory / "Pulumi.dev.yaml").read_text() == f"encryptionsalt: {SALT}\n"
    assert "resources" not in stage.state()


def test_a_new_stack_without_a_salt_gets_one(stage: Stage) -> None:
    """The salt is written into the config file and into the state, as the CLI does."""
    local_engine.stack_init(stage.project, "fresh", environ=stage.environ)
    state = json.loads(stage.state_file.with_name("fresh.json").read_text())["checkpoint"]["latest"]
    salt = state["secrets_providers"]["state"]["salt"]
    assert (stage.directory / "Pulumi.fresh.yaml").read_text() == f"encryptionsalt: {salt}\n"


def test_another_config_file_can_be_used(stage: Stage, tmp_path: Path) -> None:
    """With a config file of one's own the committed one is neither read nor written."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"encryptionsalt: {SALT}\nconfig:\n  toy:region: mars\n")
    local_engine.stack_init(stage.project, "fresh", environ=stage.environ, config_file=file)
    assert not (stage.directory / "Pulumi.fresh.yaml").exists()
    stage.program('pulumi.export("region", pulumi.Config().get("region"))')
    assert stage.up(config_file=file).outputs == {"region": "mars"}


def test_a_lost_salt_is_found_in_the_state(stage: Stage) -> None:
    """A config file without a salt is read with the state's, and not written."""
    (stage.directory / "Pulumi.dev.yaml").unlink()
    stage.program(SECRETS)
    assert stage.up().exit_code == 0
    assert not (stage.directory / "Pulumi.dev.yaml").exists()


def test_a_new_salt_rules_from_the_next_write(stage: Stage) -> None:
    """Secrets are read with the state's salt and written with the config file's."""
    stage.program(SECRETS)
    stage.up()
    other = Crypter.create("correct horse").state
    (stage.directory / "Pulumi.dev.yaml").write_text(f"encryptionsalt: {other}\n")
    stage.up()
    assert stage.state()["secrets_providers"]["state"]["salt"] == other
    assert local_engine.stack_outputs(stage.project, "dev", show_secrets=True, environ=stage.environ)["hidden"]


def test_stacks_are_listed(stage: Stage) -> None:
    """Every stack of the project is named once."""
    local_engine.stack_init(stage.project, "alpha", environ=stage.environ)
    assert local_engine.list_stacks(stage.project, environ=stage.environ) == ["alpha", "dev"]


def test_outputs_are_masked_unless_asked_for(stage: Stage) -> None:
    """Secret outputs are shown only on request."""
    stage.program(SECRETS)
    assert stage.up().outputs == {"hidden": "[secret]", "plain": 1}
    shown = local_engine.stack_outputs(stage.project, "dev", show_secrets=True, environ=stage.environ)
    assert shown == {"hidden": {"k": "hush"}, "plain": 1}
    assert "hush" not in stage.state_file.read_text()


def test_unknown_stacks_are_refused_before_anything_starts(stage: Stage) -> None:
    """A typo in the stack's name starts no program."""
    stage.stack = "prod"
    with pytest.raises(StackError, match="no stack named 'prod' found"):
        stage.up()
    assert stage.events == []


def test_a_stack_of_another_project_is_refused(stage: Stage) -> None:
    """A state file that holds another project's resources is not changed."""
    stage.program('Thing("a", label="x", size=1)')
    stage.up()
    text = stage.state_file.read_text()
    stage.pulumi_yaml("other")
    stage.state_file.parent.mkdir(parents=True)
    stage.state_file.write_text(text)
    with pytest.raises(StackError, match=r"holds a resource of another stack or project: urn:pulumi:dev::toy::"):
        stage.up()
    assert stage.state_file.read_text() == text


@pytest.mark.parametrize("passphrase", [None, "wrong"])
def test_without_the_passphrase_nothing_happens(stage: Stage, passphrase: str | None) -> None:
    """A missing or wrong passphrase is noticed before a program, a provider or a write."""
    stage.program(SECRETS)
    before = stage.state_file.read_text()
    del stage.environ["PULUMI_CONFIG_PASSPHRASE"]
    if passphrase is not None:
        stage.environ["PULUMI_CONFIG_PASSPHRASE"] = passphrase
    for operation in (stage.preview, stage.up, stage.refresh, stage.destroy):
        with pytest.raises(PassphraseError):
            operation()
    assert (stage.state_file.read_text(), stage.events) == (before, [])


def test_a_stack_with_resources_is_not_forgotten(stage: Stage) -> None:
    """Removing a stack that still has resources needs force."""
    stage.program('Thing("a", label="x", size=1)')
    stage.up()
    with pytest.raises(StackError, match="'dev' still has resources; removal rejected"):
        local_engine.stack_remove(stage.project, "dev", environ=stage.environ)
    local_engine.stack_remove(stage.project, "dev", force=True, environ=stage.environ)
    assert local_engine.list_stacks(stage.project, environ=stage.environ) == []
    assert not (stage.directory / "Pulumi.dev.yaml").exists()


def test_the_backend_is_found_as_the_cli_finds_it(stage: Stage, tmp_path: Path) -> None:
    """The environment wins over the project, the project over where one logged in."""
    for name in ("project-state", "home-state"):
        (tmp_path / name).mkdir()
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "credentials.json").write_text(json.dumps({"current": f"file://{tmp_path}/home-state"}))
    environ = {"PULUMI_HOME": str(home)}
    assert backend_of(stage.project, environ).directory == tmp_path / "home-state"
    stage.pulumi_yaml("toy", f"backend: {{url: 'file://{tmp_path}/project-state'}}\n")
    assert backend_of(stage.project, environ).directory == tmp_path / "project-state"
    assert backend_of(stage.project, stage.environ).directory == stage.state_directory


def test_no_backend_is_a_sentence(stage: Stage, tmp_path: Path) -> None:
    """Without any address the message says which variable to set."""
    with pytest.raises(BackendError, match="set PULUMI_BACKEND_URL to file://"):
        backend_of(stage.project, {"PULUMI_HOME": str(tmp_path / "nobody")})


def test_a_state_that_cannot_be_read_is_a_sentence(stage: Stage) -> None:
    """A directory in the place of the file is not a traceback."""
    stage.state_file.unlink()
    stage.state_file.mkdir()
    with pytest.raises(EngineError, match="cannot be read"):
        stage.up()
