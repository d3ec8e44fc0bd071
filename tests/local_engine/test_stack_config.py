"""Pulumi.<stack>.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local_engine import load_project
from local_engine.errors import EngineError
from local_engine.passphrase import Crypter
from local_engine.stack_config import Config, StackFile, read_config
from local_engine.values import Secret
from tests.local_engine.stage import PASSPHRASE, SALT

if TYPE_CHECKING:
    from pathlib import Path

CRYPTER = Crypter.open(PASSPHRASE, SALT)


def _read(directory: Path, text: str, project: str = "") -> Config:
    (directory / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\n{project}")
    (directory / "Pulumi.dev.yaml").write_text(text)
    return read_config(load_project(directory), StackFile(directory / "Pulumi.dev.yaml"), CRYPTER)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("eu", "eu"),
        ("5", "5"),
        ("true", "true"),
        ("'yes'", "yes"),
        ("1.5", "1.5"),
        ("{a: [1, x]}", '{"a":[1,"x"]}'),
        ("[1, 2]", "[1,2]"),
    ],
)
def test_values_become_text(tmp_path: Path, written: str, value: str) -> None:
    """Programs read text; objects are JSON."""
    assert _read(tmp_path, f"config:\n  shop:k: {written}\n").values == {"shop:k": value}


def test_secure_values_are_opened_and_marked(tmp_path: Path) -> None:
    """A secret, and an object with a secret inside, are secret."""
    sealed = CRYPTER.encrypt("hush")
    config = _read(tmp_path, f"config:\n  shop:a: {{secure: {sealed}}}\n  shop:b:\n    c: {{secure: {sealed}}}\n")
    assert config.values == {"shop:a": "hush", "shop:b": '{"c":"hush"}'}
    assert config.as_properties() == {"shop:a": Secret("hush"), "shop:b": Secret('{"c":"hush"}')}
    assert config.shown() == {"shop:a": "[secret]", "shop:b": "[secret]"}


def test_the_project_has_defaults(tmp_path: Path) -> None:
    """What the stack does not set comes from Pulumi.yaml, under the project's name."""
    project = (
        "config:\n  region: eu\n  size: {type: integer, default: 3}\n"
        "  'stripe:mode': {value: test}\n  needed: {type: string}\n"
    )
    config = _read(tmp_path, "config:\n  shop:region: us\n", project)
    assert config.values == {"shop:region": "us", "shop:size": "3", "stripe:mode": "test"}


def test_a_namespace_is_cut_off() -> None:
    """A host sees the keys of its own namespace."""
    assert Config({"a:x": "1", "b:y": "2"}).of_namespace("a") == {"x": "1"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("config:\n  region: eu\n", "'region' has no namespace; write it as '<namespace>:region'"),
        ("config: [1]\n", "'config' must hold a mapping"),
        ("secretsprovider: awskms://x\n", "secrets provider 'awskms://x'"),
        ("environment: [a]\n", "`environment` section"),
        ("config:\n  shop:k: {secure: nonsense}\n", "malformed"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: str, why: str) -> None:
    """Whatever is wrong with the file, one line says it."""
    with pytest.raises(EngineError, match=why):
        _read(tmp_path, text)


def test_a_salt_is_added_without_touching_the_rest(tmp_path: Path) -> None:
    """Comments, order, quotes and spaces stay as somebody wrote them."""
    text = "# our shop\nconfig:\n  # where\n  shop:region: 'eu'   # Frankfurt\n"
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    StackFile(path).keep_salt(SALT)
    lines = path.read_text().splitlines()
    assert StackFile(path).salt == SALT
    assert [line for line in lines if not line.startswith("encryptionsalt")] == text.splitlines()


def test_a_missing_file_is_made_for_the_salt(tmp_path: Path) -> None:
    """A stack without configuration has a file with its salt."""
    file: Any = StackFile(tmp_path / "stacks" / "Pulumi.dev.yaml")
    file.keep_salt(SALT)
    assert (tmp_path / "stacks" / "Pulumi.dev.yaml").read_text() == f"encryptionsalt: {SALT}\n"
