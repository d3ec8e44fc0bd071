"""A plain user's project: dynamic resources, the pulumi wheel, and nothing of ours beside it."""

from __future__ import annotations

import re
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

PROGRAM = """
import importlib.util, json, os, pathlib, pulumi
from pulumi import dynamic

OURS = ("billing_resources", "billing_runtime", "billing_cli", "local_engine", "stripe")
assert not any(importlib.util.find_spec(name) for name in OURS)
STORE = {store!r}

class Provider(dynamic.ResourceProvider):
    def _path(self, id_):
        return pathlib.Path(STORE, id_)
    def create(self, props):
        id_ = f"note-{{len(os.listdir(STORE))}}"
        self._path(id_).write_text(props["text"])
        return dynamic.CreateResult(id_, {{"text": props["text"], "kind": props["kind"]}})
    def diff(self, id_, olds, news):
        changed = [key for key in ("text", "kind") if olds.get(key) != news.get(key)]
        return dynamic.DiffResult(bool(changed), ["kind"] if "kind" in changed else [])
    def update(self, id_, olds, news):
        self._path(id_).write_text(news["text"])
        return dynamic.UpdateResult({{"text": news["text"], "kind": news["kind"]}})
    def read(self, id_, props):
        if not self._path(id_).exists():
            return dynamic.ReadResult("", {{}})
        return dynamic.ReadResult(id_, {{**props, "text": self._path(id_).read_text()}})
    def delete(self, id_, props):
        self._path(id_).unlink()

class Note(dynamic.Resource):
    text: pulumi.Output[str]
    def __init__(self, name, text, kind="plain", opts=None):
        super().__init__(Provider(), name, {{"text": text, "kind": kind}}, opts)

a = Note("a", {text!r}, {kind!r})
b = Note("b", a.text.apply(lambda text: text + "!"), opts=pulumi.ResourceOptions(depends_on=[a]))
pulumi.export("said", b.text)
"""


def _needs(name: str, found: dict[str, Distribution]) -> None:
    """Collect a distribution and everything it needs here."""
    if name in found:
        return
    try:
        found[name] = distribution(name)
    except PackageNotFoundError:  # only for other platforms or versions
        return
    for needed in found[name].requires or []:
        if "extra ==" not in needed:
            _needs(re.split(r"[^A-Za-z0-9._-]", needed, maxsplit=1)[0], found)


def _environment(directory: Path) -> None:
    """Make a virtual environment in which only the pulumi wheel and its needs can be imported."""
    venv.create(directory, with_pip=False, symlinks=True)
    packages = directory / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    found: dict[str, Distribution] = {}
    _needs("pulumi", found)
    for known in found.values():
        for top in {file.parts[0] for file in known.files or [] if file.parts[0] not in {"..", "__pycache__"}}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(known.locate_file(top))))


@pytest.fixture
def plain(stage: Stage, tmp_path: Path) -> Stage:
    """Return a project without a host, whose environment has the wheel alone."""
    _environment(stage.directory / "env")
    (tmp_path / "store").mkdir()
    text = "name: toy\nruntime: {name: python, options: {virtualenv: env}}\n"
    (stage.directory / "Pulumi.yaml").write_text(text)
    return stage


def _write(stage: Stage, text: str, kind: str = "plain") -> Path:
    store = stage.directory.parent / "store"
    (stage.directory / "__main__.py").write_text(PROGRAM.format(store=str(store), text=text, kind=kind))
    return store


def _held(store: Path) -> list[str]:
    return sorted(path.read_text() for path in store.iterdir())


def test_a_plain_users_resources_live_under_pulumis_own_host(plain: Stage) -> None:
    """Created, the same, updated, replaced, removed, destroyed: what is there is what the program says each time."""
    store = _write(plain, "hi")
    assert plain.up().outputs == {"said": "hi!"}
    assert _held(store) == ["hi", "hi!"]
    assert plain.up().changes == {"same": 3}
    _write(plain, "ho")
    assert plain.up().changes == {"same": 1, "update": 2}
    assert _held(store) == ["ho", "ho!"]
    _write(plain, "ho", kind="fancy")
    assert plain.up().changes == {"replace": 1, "same": 2}
    assert _held(store) == ["ho", "ho!"]
    assert plain.destroy().changes == {"delete": 3}
    assert _held(store) == []


def test_a_refresh_sees_what_pulumis_own_host_reads(plain: Stage) -> None:
    """What was changed by hand is known afterwards, what is gone is forgotten and made again."""
    store = _write(plain, "hi")
    plain.up()
    (store / plain.resources()["a"]["id"]).write_text("by hand")
    (store / plain.resources()["b"]["id"]).unlink()
    assert plain.refresh().exit_code == 0
    assert plain.resources()["a"]["outputs"]["text"] == "by hand"
    assert "b" not in plain.resources()
    assert plain.up().changes == {"create": 1, "same": 1, "update": 1}
    assert _held(store) == ["hi", "hi!"]


def test_an_exception_in_a_plain_users_provider_is_told(plain: Stage) -> None:
    """Pulumi's host tells of it with its traceback; what was made before is kept."""
    store = _write(plain, "hi")
    plain.up()
    (store / plain.resources()["a"]["id"]).unlink()
    result = plain.destroy()
    assert any("FileNotFoundError" in said for said in plain.errors(result))
    assert {"a"} <= set(plain.resources())
