"""Pulumi.<stack>.yaml: one stack's configuration (https://www.pulumi.com/docs/iac/concepts/config/)."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from local_engine.backend import write_atomically
from local_engine.errors import ProjectError, UnsupportedError
from local_engine.project import read_yaml
from local_engine.values import Properties, Secret, tidy_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local_engine.passphrase import Crypter
    from local_engine.project import Project


@dataclass
class Config:
    """The values a program and its providers see: full key to text."""

    values: dict[str, str] = field(default_factory=dict)
    secret_keys: set[str] = field(default_factory=set)

    def as_properties(self) -> Properties:
        """Return the values with secrets marked, as a default provider takes them."""
        return {key: Secret(text) if key in self.secret_keys else text for key, text in self.values.items()}

    def shown(self) -> dict[str, str]:
        """Return the values with secrets masked."""
        return {key: "[secret]" if key in self.secret_keys else self.values[key] for key in sorted(self.values)}

    def of_namespace(self, namespace: str) -> dict[str, str]:
        """Return one namespace's values without its prefix."""
        prefix = f"{namespace}:"
        return {key.removeprefix(prefix): text for key, text in self.values.items() if key.startswith(prefix)}


class StackFile:
    """One stack's config file; it need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found = read_yaml(path) if path.exists() else {}
        self._refuse_foreign_parts()

    def _refuse_foreign_parts(self) -> None:
        provider = self._found.get("secretsprovider")
        if provider not in {None, "", "default", "passphrase"}:
            raise UnsupportedError.by_local_engine(f"the secrets provider '{provider}' of {self.path}")
        if self._found.get("environment"):
            raise UnsupportedError.by_local_engine(f"the `environment` section of {self.path}")
        if not isinstance(self._found.get("config") or {}, dict):
            raise ProjectError(f"{self.path}: 'config' must hold a mapping.")

    @property
    def salt(self) -> str | None:
        """The encryption salt, if the file has one."""
        return self._found.get("encryptionsalt")

    def values(self) -> Mapping[str, Any]:
        """Return the config section as it is written."""
        return self._found.get("config") or {}

    def keep_salt(self, salt: str) -> None:
        """Add the encryption salt, leaving every other line and comment alone."""
        editor = YAML()
        editor.preserve_quotes = True
        editor.width = 4096
        document = editor.load(self.path.read_text(encoding="utf-8")) if self.path.exists() else None
        document = CommentedMap() if document is None else document
        document.insert(0, "encryptionsalt", salt)
        text = io.StringIO()
        editor.dump(document, text)
        write_atomically(self.path, text.getvalue())
        self._found["encryptionsalt"] = salt


def stack_file(project: Project, stack: str, config_file: Path | None) -> StackFile:
    """Open the stack's config file, or the one given instead of it."""
    return StackFile(config_file or project.stack_config_directory / f"Pulumi.{stack}.yaml")


def read_config(project: Project, file: StackFile, crypter: Crypter) -> Config:
    """Put together the stack's values and the project's defaults."""
    config = Config()
    for key, value in file.values().items():
        _add(config, str(key), value, crypter, f"{file.path}: ")
    for key, declared in project.config.items():
        full = _full_key(project, str(key))
        default = _default(declared)
        if full not in config.values and default is not None:
            _add(config, full, default, crypter, "")
    return config


def _full_key(project: Project, key: str) -> str:
    return key if ":" in key else f"{project.name}:{key}"


def _default(declared: Any) -> Any:
    if not isinstance(declared, dict):
        return declared
    return declared.get("value", declared.get("default"))


def _add(config: Config, key: str, value: Any, crypter: Crypter, place: str) -> None:
    if ":" not in key:
        raise ProjectError(f"{place}the config key '{key}' has no namespace; write it as '<namespace>:{key}'.")
    opened, secret = _open(value, crypter)
    if opened is None:
        return
    config.values[key] = opened if isinstance(opened, str) else _text(opened)
    if secret:
        config.secret_keys.add(key)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _open(value: Any, crypter: Crypter) -> tuple[Any, bool]:
    if isinstance(value, list):
        opened = [_open(item, crypter) for item in value]
        return [item for item, _ in opened], any(secret for _, secret in opened)
    if not isinstance(value, dict):
        return tidy_number(value), False
    if set(value) == {"secure"}:
        return crypter.decrypt(str(value["secure"])), True
    pairs = {key: _open(item, crypter) for key, item in value.items()}
    return {key: item for key, (item, _) in pairs.items()}, any(secret for _, secret in pairs.values())
