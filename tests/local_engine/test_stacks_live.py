"""Files of stacks written by us and read by the real CLI, and the other way; only where `pulumi` is on PATH."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import local_engine
from local_engine import locks
from local_engine.errors import LockedError
from local_engine.stacks import backend_of
from tests.local_engine.deployments import provisioned, tree
from tests.local_engine.real import NEEDED, environment, pulumi

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_engine.stage import Stage

pytestmark = NEEDED


def _cli(stage: Stage, *words: str, stack: str = "dev", fails: bool = False) -> str:
    done = pulumi(stage, *words, "--stack", stack)
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    return done.stderr if fails else done.stdout


def _outputs(stage: Stage, stack: str) -> dict[str, Any]:
    return local_engine.stack_outputs(stage.project, stack, show_secrets=True, environ=stage.environ)


def _without_ciphertexts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ciphertexts(item) for key, item in value.items() if key != "ciphertext"}
    return [_without_ciphertexts(item) for item in value] if isinstance(value, list) else value


def test_the_cli_reads_what_we_configured(stage: Stage) -> None:
    """Plain, secret and nested values, by our salt."""
    for key, value, secret in (("a", "x", False), ("s", "hush", True), ("m.l[0]", "7", False), ("m.t", "deep", True)):
        local_engine.config_set(stage.project, "dev", key, value, secret=secret, path=True, environ=stage.environ)
    found = local_engine.config_all(stage.project, "dev", show_secrets=True, environ=stage.environ)
    read = json.loads(_cli(stage, "config", "--json", "--show-secrets"))
    assert read == {key: value.document() for key, value in found.items()}
    assert read["toy:s"] == {"value": "hush", "secret": True}


def test_we_read_what_the_cli_configured(stage: Stage) -> None:
    """The same, the other way."""
    for words in (("a", "x"), ("--secret", "s", "hush"), ("--path", "m.l[0]", "7"), ("--path", "--secret", "m.t", "d")):
        _cli(stage, "config", "set", *words)
    found = local_engine.config_all(stage.project, "dev", show_secrets=True, environ=stage.environ)
    shown = json.loads(_cli(stage, "config", "--json", "--show-secrets"))
    assert {key: value.document() for key, value in found.items()} == shown


def test_both_write_the_same_settings(stage: Stage) -> None:
    """Keys, quotes and lines are the CLI's, byte for byte."""
    path = stage.directory / "Pulumi.dev.yaml"
    before = path.read_text()
    for key, value in (("a", "5"), ("b", "a: b"), ("m.n.o", "4"), ("m.l[0]", "true"), ("m.l[1]", "on"), ("t", "x\ny")):
        local_engine.config_set(stage.project, "dev", key, value, path=True, environ=stage.environ)
    ours = path.read_text()
    path.write_text(before)
    for key, value in (("a", "5"), ("b", "a: b"), ("m.n.o", "4"), ("m.l[0]", "true"), ("m.l[1]", "on"), ("t", "x\ny")):
        _cli(stage, "config", "set", "--path", key, value)
    assert ours == path.read_text()


def test_a_stack_renamed_here_is_the_clis(stage: Stage) -> None:
    """Outputs, secrets included, are there under the new name, and it can be renamed back there."""
    local_engine.stack_rename(provisioned(stage).project, "dev", "prod", environ=stage.environ)
    shown = _cli(stage, "stack", "output", "--json", "--show-secrets", stack="prod")
    assert json.loads(shown) == _outputs(stage, "prod") == {"n": 1, "s": {"k": 1}}
    _cli(stage, "stack", "rename", "dev", stack="prod")
    assert _outputs(stage, "dev") == {"n": 1, "s": {"k": 1}}


def test_both_rename_the_same_way(stage: Stage, tmp_path: Path) -> None:
    """Afterwards the state directory holds the same files with the same content."""
    shutil.copytree(provisioned(stage).state_directory, tmp_path / "kept")
    _cli(stage, "stack", "rename", "prod")
    theirs = {path: text for path, text in tree(stage.state_directory).items() if not path.endswith(".attrs")}
    shutil.rmtree(stage.state_directory)
    shutil.copytree(tmp_path / "kept", stage.state_directory)
    (stage.directory / "Pulumi.prod.yaml").rename(stage.directory / "Pulumi.dev.yaml")
    local_engine.stack_rename(stage.project, "dev", "prod", environ=stage.environ)
    ours = tree(stage.state_directory)
    state = ".pulumi/stacks/toy/prod.json"
    assert sorted(ours) == sorted(theirs)
    mine, other = (json.loads(files.pop(state))["checkpoint"] for files in (ours, theirs))
    assert (mine["latest"], mine["stack"]) == (other["latest"], "organization/toy/prod")  # the CLI leaves the old name
    assert ours == theirs


@pytest.mark.parametrize("options", [(), ("--show-secrets",)])
def test_what_we_export_is_what_the_cli_exports(stage: Stage, options: tuple[str, ...]) -> None:
    """The documents are equal, and each engine takes in the other's."""
    provisioned(stage)
    theirs = json.loads(_cli(stage, "stack", "export", *options))
    ours = local_engine.stack_export(stage.project, "dev", show_secrets=bool(options), environ=stage.environ)
    assert ours == theirs
    local_engine.stack_import(stage.project, "dev", theirs, environ=stage.environ)
    assert _without_ciphertexts(json.loads(_cli(stage, "stack", "export"))["deployment"]) == _without_ciphertexts(
        stage.state()
    )
    (stage.directory / "ours.json").write_text(json.dumps(ours))
    _cli(stage, "stack", "import", "--file", "ours.json")
    assert _outputs(stage, "dev") == {"n": 1, "s": {"k": 1}}


def test_protection_is_taken_away_for_both(stage: Stage) -> None:
    """What we unprotected is unprotected there."""
    local_engine.state_unprotect(provisioned(stage).project, "dev", environ=stage.environ)
    assert '"protect"' not in _cli(stage, "stack", "export")


def test_our_lock_holds_the_cli_off(stage: Stage) -> None:
    """It names us as the holder."""
    with locks.locked(backend_of(provisioned(stage).project, stage.environ), "toy", "dev"):
        assert "the stack is currently locked by 1 lock(s)" in _cli(stage, "stack", "rename", "prod", fails=True)
    _cli(stage, "stack", "rename", "prod")


def test_the_clis_lock_holds_us_off(stage: Stage) -> None:
    """While the CLI updates, we change nothing; the lock is its own file, not one made by hand."""
    stage.program('open("started", "w").close()\nimport time\nwhile not os.path.exists("end"): time.sleep(0.05)')
    line = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "dev"]
    with subprocess.Popen(line, cwd=stage.directory, env=environment(stage), stdout=subprocess.DEVNULL) as process:
        while not (stage.directory / "started").exists():
            assert process.poll() is None
        with pytest.raises(LockedError, match=rf"created by .*\(pid {process.pid}\)"):
            stage.up()
        (stage.directory / "end").touch()
        assert process.wait() == 0
    assert stage.up().exit_code == 0


def test_a_stack_removed_here_is_gone_there(stage: Stage) -> None:
    """Neither engine lists it."""
    local_engine.stack_remove(provisioned(stage).project, "dev", force=True, environ=stage.environ)
    assert "no stack named 'dev' found" in _cli(stage, "stack", "output", fails=True)
