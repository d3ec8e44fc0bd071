"""Handing a stack over to the real Pulumi CLI, and back; only where `pulumi` is on PATH."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local_engine import ImportSpec
from tests.local_engine.real import NEEDED, pulumi

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

pytestmark = NEEDED
PROGRAM = """
a = Thing("a", label=pulumi.Output.secret("hush"), size=1, tags={"k": pulumi.Output.secret("v"), "n": [1, 2.5, None]})
b = Thing("b", label=a.id, size=1, opts=RO(depends_on=[a]))
class Comp(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("billing:index:Comp", name, {"x": 1})
        self.t = Thing(f"{name}-t", label="kid", size=1, opts=RO(parent=self))
        self.register_outputs({"tid": self.t.id})
c = Comp("c")
pulumi.export("l", b.label)
pulumi.export("sec", pulumi.Output.secret({"k": 1}))
"""


def _cli(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    return pulumi(stage, *words, "--stack", "dev")


def _agrees(stage: Stage) -> bool:
    found = _cli(stage, "preview", "--expect-no-changes")
    assert found.returncode == 0, found.stdout + found.stderr
    return True


def test_the_cli_takes_over(stage: Stage) -> None:
    """What we made, secrets and components included, is unchanged for the CLI."""
    stage.program(PROGRAM)
    assert stage.up().exit_code == 0
    assert _agrees(stage)
    shown = _cli(stage, "stack", "output", "--show-secrets", "--json")
    assert json.loads(shown.stdout) == {"l": stage.resources()["a"]["id"], "sec": {"k": 1}}


def test_we_take_over(stage: Stage) -> None:
    """What the CLI made is unchanged for us."""
    stage.program(PROGRAM)
    assert _cli(stage, "up", "--yes", "--skip-preview").returncode == 0
    assert stage.preview().changes == {"same": 5}
    assert stage.up().changes == {"same": 5}


def test_changes_by_turns(stage: Stage) -> None:
    """Create here, update there, replace here, and the other agrees each time."""
    stage.program(PROGRAM)
    stage.up()
    stage.program(PROGRAM.replace('"kid"', '"grown"'))
    assert _cli(stage, "up", "--yes", "--skip-preview").returncode == 0
    assert stage.preview().changes == {"same": 5}
    stage.program(PROGRAM.replace("size=1, tags", "size=2, tags"))
    assert stage.up().changes["replace"] == 1
    assert _agrees(stage)


def test_imports_are_handed_over(stage: Stage) -> None:
    """What one imported by the option or the command is unchanged for the other; so is what took its place."""
    stage.behave(read_provider_blob=True)
    thing = "pulumi-python:dynamic/billing:Thing"
    ours, theirs, option = (f'Thing("{name}", label="live", size=7, opts=RO({{}}))\n' for name in "xyz")
    stage.program(ours.format("protect=True") + theirs.format("") + option.format('import_="th_z"'))
    assert stage.import_([ImportSpec(thing, "x", "th_x")]).exit_code == 0
    words = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"]
    assert _cli(stage, "import", thing, "y", "th_y", *words).returncode == 0
    assert stage.up().changes == {"same": 3, "import": 1}
    assert _agrees(stage)
    stage.program(ours.format("protect=True") + theirs.format("") + option.format('import_="th_2"'))
    assert _cli(stage, "up", "--yes", "--skip-preview").returncode == 0
    assert stage.preview().changes == {"same": 4}


def test_a_failure_is_handed_over(stage: Stage) -> None:
    """A resource that failed to come up here is updated there, and gone after the CLI's destroy."""
    stage.program(PROGRAM)
    stage.behave(fail_create={"b": {"kind": "init", "msg": "m", "reasons": ["not ready"]}})
    assert stage.up().exit_code == 1
    stage.behave()
    assert _cli(stage, "up", "--yes", "--skip-preview").returncode == 0
    assert stage.preview().changes == {"same": 5}
    assert _cli(stage, "destroy", "--yes", "--skip-preview").returncode == 0
    assert stage.preview().changes == {"create": 5}


def _killed(stage: Stage, process: subprocess.Popen[bytes]) -> None:
    """Kill an engine while the host makes `b`, and let its children go."""
    while not [call for call in stage.calls("Create") if call == ("Create", "b")]:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    stage.behave()


def _started(stage: Stage, *command: str) -> subprocess.Popen[bytes]:
    python = str(Path(sys.executable).parent)
    environ = {
        **stage.environ,
        "PATH": f"{python}:{stage.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, cwd=stage.directory, env=environ, stdout=quiet, stderr=quiet, start_new_session=True
    )


def test_a_kill_here_is_handed_over(stage: Stage) -> None:
    """Killed here in the middle of a create: the CLI unlocks, warns, and goes on; afterwards both agree."""
    stage.program(PROGRAM)
    stage.behave(sleep_create={"b": 60})
    told = {"verb": "up", "stack": "dev", "directory": str(stage.directory), "options": {}}
    told["notes"] = str(stage.toy / "notes.jsonl")
    _killed(stage, _started(stage, sys.executable, "-m", "tests.local_engine.engine_process", json.dumps(told)))
    assert _cli(stage, "cancel", "--yes").returncode == 0
    done = _cli(stage, "up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout
    assert "interrupted while creating" in done.stdout
    assert stage.preview().changes == {"same": 5}
    assert _agrees(stage)


def test_a_kill_there_is_handed_over(stage: Stage) -> None:
    """Killed there in the middle of a create: we unlock, warn, and go on; afterwards both agree."""
    stage.program(PROGRAM)
    stage.behave(sleep_create={"b": 60})
    _killed(stage, _started(stage, "pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "dev"))
    assert stage.unlock() == 1
    done = stage.up()
    assert done.exit_code == 0
    assert any("interrupted while creating" in found["message"] for found in done.diagnostics)
    assert _agrees(stage)
