"""Stacks: made, listed, opened, forgotten."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import local_engine
from local_engine import StackSummary
from local_engine.errors import BackendError, EngineError, LockedError, PassphraseError, StackError
from local_engine.passphrase import Crypter
from local_engine.stacks import backend_of
from tests.local_engine.deployments import CRYPTER, provisioned, tree
from tests.local_engine.stage import SALT, Stage

RECORDINGS = Path(__file__).parent / "recordings"
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


def test_what_is_forgotten_and_what_stays(stage: Stage) -> None:
    """State, history and settings go; the last state and the backups stay, as with the CLI. No passphrase is needed."""
    text = provisioned(stage).state_file.read_bytes()
    del stage.environ["PULUMI_CONFIG_PASSPHRASE"]
    local_engine.stack_remove(stage.project, "dev", force=True, environ=stage.environ)
    found = tree(stage.state_directory / ".pulumi")
    assert sorted(found) == ["backups/toy/dev/dev.17.json", "meta.yaml", "stacks/toy/dev.json.bak"]
    assert found["stacks/toy/dev.json.bak"] == text


def test_settings_can_be_kept(stage: Stage, tmp_path: Path) -> None:
    """On request, and always those of one's own."""
    own = tmp_path / "own.yaml"
    own.write_text("")
    local_engine.stack_remove(stage.project, "dev", environ=stage.environ, config_file=own)
    assert own.exists()
    stage.stack = "dev"
    stage.init()
    local_engine.stack_remove(stage.project, "dev", preserve_config=True, environ=stage.environ)
    assert (stage.directory / "Pulumi.dev.yaml").exists()


def test_a_locked_stack_is_not_forgotten(stage: Stage) -> None:
    """Whoever works on it would write it anew."""
    lock = stage.state_directory / ".pulumi/locks/organization/toy/dev/x.json"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(LockedError):
        local_engine.stack_remove(stage.project, "dev", environ=stage.environ)
    assert stage.state_file.exists()


def test_stacks_are_summed_up(stage: Stage) -> None:
    """Time and count come from the state; one that was never written has no time."""
    backend_of(provisioned(stage).project, stage.environ).create("toy", "bare")
    found = local_engine.stack_summaries(
        stage.project, environ={"PULUMI_BACKEND_URL": f"file://{stage.state_directory}"}
    )
    assert found == [StackSummary("bare", None, 0), StackSummary("dev", "2026-01-02T03:04:05.6Z", 4)]


def _order(value: Any) -> Any:
    """Names in their order, without values."""
    return {key: _order(item) for key, item in value.items()} if isinstance(value, dict) else None


def test_a_new_state_is_laid_out_as_the_clis(stage: Stage) -> None:
    """One line without spaces, the same names in the same order, and the first of two writes as the backup."""
    recorded = json.loads((RECORDINGS / "checkpoints" / "s17-lifecycle.01-init.json").read_text())
    text = stage.state_file.read_text()
    assert json.dumps(_order(json.loads(text))) == json.dumps(_order(recorded))
    assert text == json.dumps(json.loads(text), separators=(",", ":"))
    backup = stage.state_file.with_name("dev.json.bak").read_text()
    assert backup == '{"version":3,"checkpoint":{"stack":"organization/toy/dev"}}'
    files = ["meta.yaml", "stacks/toy/dev.json", "stacks/toy/dev.json.bak"]
    assert sorted(tree(stage.state_directory / ".pulumi")) == files


def test_a_state_after_an_update_is_laid_out_as_the_clis(stage: Stage) -> None:
    """Every resource has the same names in the same order; only where it was registered may be left out."""
    recorded = json.loads((RECORDINGS / "checkpoints" / "s17-lifecycle.03-up.json").read_text())
    theirs = {state["type"].split(":")[-1]: list(state) for state in recorded["checkpoint"]["latest"]["resources"]}
    stage.config(f"config:\n  toy:k: {{secure: '{CRYPTER.encrypt('hush')}'}}\n")
    stage.program('Thing("a", label="one", size=1)\npulumi.export("sec", pulumi.Output.secret({"k": [1]}))')
    stage.up()
    ours = {state["type"].split(":")[-1]: list(state) for state in stage.state()["resources"]}
    kept = [[name for name in names if name != "sourcePosition"] for names in (*ours.values(), *theirs.values())]
    assert ours.keys() == theirs.keys()
    assert kept[:3] == [kept[3 + list(theirs).index(kind)] for kind in ours]


def test_the_notes_of_the_clis_storage_go_with_their_file(stage: Stage) -> None:
    """A note that tells the size of a file that is no more would be a lie."""
    note = stage.state_file.with_name("dev.json.attrs")
    note.write_text("{}")
    local_engine.state_unprotect(provisioned(stage).project, "dev", environ=stage.environ)
    assert not note.exists()
    note.write_text("{}")
    local_engine.stack_rename(stage.project, "dev", "prod", environ=stage.environ)
    assert [path for path in tree(stage.state_directory) if path.endswith(".attrs")] == []


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
