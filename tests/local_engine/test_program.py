"""The program's process: where it runs, how it is called, and what is said when it cannot run."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from local_engine import EngineError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_engine.stage import Stage

WHERE = "import sys, pathlib\nprint(*sys.argv, pathlib.Path.cwd().name, __name__, __file__)\n"


def _environment(stage: Stage, python: Path | None) -> None:
    """Name a virtual environment in Pulumi.yaml, with or without an interpreter."""
    (stage.directory / "env" / "bin").mkdir(parents=True)
    if python is not None:
        (stage.directory / "env" / "bin" / "python").symlink_to(python)
    text = (stage.directory / "Pulumi.yaml").read_text()
    text = text.replace("runtime: python", "runtime: {name: python, options: {virtualenv: env}}")
    (stage.directory / "Pulumi.yaml").write_text(text)


def test_a_program_is_called_as_the_cli_calls_it(stage: Stage) -> None:
    """The argument is a dot, the working directory the project's."""
    (stage.directory / "__main__.py").write_text(WHERE)
    [said] = stage.preview().diagnostics
    assert said["message"] == f". project __main__ {stage.directory}/__main__.py\n"


def test_main_is_a_directory_of_its_own(stage: Stage) -> None:
    """Program and host run in the directory that `main` names, and modules beside the program are found."""
    stage.pulumi_yaml("toy", "main: app\n")
    stage.program(WHERE + 'Thing("a", label="x", size=1)')
    (stage.directory / "app").mkdir()
    for name in ("__main__.py", "thing.py"):
        shutil.move(stage.directory / name, stage.directory / "app")
    [said] = stage.up().diagnostics
    assert said["message"].startswith(". app __main__ ")
    assert next(line["cwd"] for line in stage.lines() if line["at"] == "host").endswith("/project/app")


def test_main_is_one_file(stage: Stage) -> None:
    """The argument is the file's name, the working directory where it lies."""
    stage.pulumi_yaml("toy", "main: app/shop.py\n")
    (stage.directory / "app").mkdir()
    (stage.directory / "app" / "shop.py").write_text(WHERE)
    [said] = stage.preview().diagnostics
    assert said["message"] == "shop.py app __main__ shop.py\n"


def test_a_main_that_is_not_there_is_named(stage: Stage) -> None:
    """The path in Pulumi.yaml is told."""
    stage.pulumi_yaml("toy", "main: nowhere\n")
    with pytest.raises(EngineError, match=f"^{stage.directory}/nowhere, named as 'main' in Pulumi.yaml, is not there"):
        stage.up()


def test_a_directory_without_a_program_is_named(stage: Stage) -> None:
    """The sentence is the CLI's."""
    (stage.directory / "__main__.py").unlink()
    assert stage.errors(stage.up()) == [
        f"error: unable to find main python program `__main__.py` in `{stage.directory}`"
    ]


def test_an_interpreter_without_the_sdk_is_named(stage: Stage) -> None:
    """What to install, and with which interpreter; no traceback of an import."""
    _environment(stage, None)
    python = stage.directory / "env" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    python.chmod(0o755)
    assert stage.errors(stage.up()) == [
        f"error: the Pulumi SDK is not installed for {python}; install it with `{python} -m pip install pulumi`."
    ]


@pytest.mark.parametrize("target", [None, "nowhere"])
def test_an_environment_without_an_interpreter_is_named(stage: Stage, target: str | None) -> None:
    """A virtual environment that is broken is told; another interpreter is not taken in its place."""
    _environment(stage, None if target is None else stage.directory / target)
    with pytest.raises(EngineError, match=f"^{stage.directory}/env, named as 'virtualenv' in Pulumi.yaml, has no"):
        stage.up()


def test_an_environment_that_is_not_there_is_done_without(stage: Stage) -> None:
    """A project whose environment was never made runs with the interpreter of the engine."""
    text = (stage.directory / "Pulumi.yaml").read_text()
    text = text.replace("runtime: python", "runtime: {name: python, options: {virtualenv: env}}")
    (stage.directory / "Pulumi.yaml").write_text(text)
    stage.program("import sys; print(sys.executable)")
    [said] = stage.preview().diagnostics
    assert said["message"].strip() == sys.executable
