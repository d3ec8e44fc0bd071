"""Pulumi.yaml."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("", "'name' must be letters"),
        ("name: shop\n", "'runtime' is missing; write `runtime: python`"),
        ("name: shop\nname: shop\nruntime: python\n", "is not valid YAML: .*duplicate key"),
        ("name: shop\nruntime: {name: python, options: [virtualenv]}\n", "'options' must hold a mapping"),
        ("name: shop\nruntime: {name: python, options: {virtualenv: 3}}\n", "'virtualenv' must be a text"),
        ("name: shop\nruntime: python\nmain: [app]\n", "'main' must be a text"),
        ("name: shop\nruntime: python\nbackend: file:///x\n", "'backend' must hold a mapping"),
        ("name: shop\nruntime: python\nplugins: {providers: {name: x}}\n", "must be a list of mappings"),
        ("name: shop\nruntime: python\nplugins: {providers: [{name: pulumi-python}]}\n", "has no 'path'"),
    ],
)
def test_a_project_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: str, why: str) -> None:
    """Whatever is wrong with the file, one line says it."""
    with pytest.raises(EngineError, match=why) as caught:
        load_project(_project(tmp_path, text))
    assert "\n" not in str(caught.value)


_PROVIDERS: list[Any] = [3, "x", {"name": "x"}, ["x"], [{}], [{"name": "pulumi-python", "path": 3}]]
_VALUES: list[Any] = [None, True, 3, "", "shop", "python", [], ["x"], {}, {"name": "python"}, {"options": ["x"]}]
_ANY = st.sampled_from([*_VALUES, *({"providers": found} for found in _PROVIDERS)])
_KEYS = ["name", "runtime", "main", "config", "backend", "plugins", "stackConfigDir"]


@given(st.fixed_dictionaries({"name": st.just("shop") | _ANY}, optional=dict.fromkeys(_KEYS[1:], _ANY)))
def test_whatever_a_project_file_holds_is_read_or_refused(found: dict[str, object]) -> None:
    """No value, of whatever type and in whatever place, is anything but a project or a sentence."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            assert load_project(_project(Path(directory), json.dumps(found))).name == found["name"]
        except EngineError as error:
            assert str(error).endswith(".")  # noqa: PT017 - either way is right


def test_a_project_file_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    """Bytes of another encoding are told as such."""
    (tmp_path / "Pulumi.yaml").write_bytes(b"name: \xff\xfe\n")
    with pytest.raises(EngineError, match=r"Pulumi\.yaml cannot be read: .*utf-8"):
        load_project(tmp_path)


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
