"""Pulumi.yaml."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local_engine import load_project
from local_engine.errors import EngineError


def _project(directory: Path, text: str) -> Path:
    (directory / "Pulumi.yaml").write_text(text)
    return directory


def test_everything_has_a_default(tmp_path: Path) -> None:
    """A name and a runtime are enough; the host is then Pulumi's own, the interpreter ours."""
    project = load_project(_project(tmp_path, "name: shop\nruntime: python\n"))
    assert (project.name, project.directory, project.main) == ("shop", tmp_path, tmp_path)
    assert (project.host, project.python, project.stack_config_directory) == (None, sys.executable, tmp_path)


def test_what_a_project_says_is_read(tmp_path: Path) -> None:
    """Directories are relative to the file."""
    text = (
        "name: shop\nmain: app\nstackConfigDir: stacks\nbackend: {url: 'file:///x'}\n"
        "runtime: {name: python, options: {virtualenv: env}}\n"
        "plugins: {providers: [{name: other, path: o}, {name: pulumi-python, path: host}]}\n"
    )
    project = load_project(_project(tmp_path, text))
    assert project.main == tmp_path / "app"
    assert project.stack_config_directory == tmp_path / "stacks"
    assert project.backend_url == "file:///x"
    assert project.virtualenv == tmp_path / "env"
    assert project.host == tmp_path / "host" / "pulumi-resource-pulumi-python"


def test_the_projects_interpreter_is_used_when_it_is_there(tmp_path: Path) -> None:
    """A virtual environment that exists wins over the interpreter that runs the engine."""
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(0o755)
    text = "name: shop\nruntime: {name: python, options: {virtualenv: env}}\n"
    assert load_project(_project(tmp_path, text)).python == str(python)


def test_a_project_is_found_from_below(tmp_path: Path) -> None:
    """Commands work in subdirectories."""
    _project(tmp_path, "name: shop\nruntime: python\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert load_project(tmp_path / "a" / "b").directory == tmp_path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name: shop\nruntime: nodejs\n", "runtime 'nodejs'; use the Pulumi CLI"),
        ("runtime: python\n", "'name' must be letters"),
        ("name: a/b\nruntime: python\n", "'name' must be letters"),
        ("name: [\n", "is not valid YAML"),
        ("- a\n", "must hold a mapping"),
    ],
)
def test_a_project_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: str, why: str) -> None:
    """Whatever is wrong with the file, one line says it."""
    with pytest.raises(EngineError, match=why) as caught:
        load_project(_project(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_no_project_is_a_sentence(tmp_path: Path) -> None:
    """The message names the directory that was searched."""
    with pytest.raises(EngineError, match=rf"no Pulumi.yaml project file found in {tmp_path}"):
        load_project(tmp_path)


def test_a_program_is_a_directory_or_a_file(tmp_path: Path) -> None:
    """A directory runs in itself, a file in its own directory, as the CLI does it."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "shop.py").touch()
    assert load_project(_project(tmp_path, "name: shop\nruntime: python\n")).program == (tmp_path, ".")
    text = "name: shop\nruntime: python\nmain: {}\n"
    assert load_project(_project(tmp_path, text.format("app"))).program == (tmp_path / "app", ".")
    assert load_project(_project(tmp_path, text.format("app/shop.py"))).program == (tmp_path / "app", "shop.py")
