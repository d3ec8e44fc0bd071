"""Pulumi.<stack>.yaml: one stack's configuration (https://www.pulumi.com/docs/iac/concepts/config/)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_engine.durable import write_atomically
from local_engine.errors import ProjectError, UnsupportedError
from local_engine.project import read_yaml
from local_engine.values import Properties, Secret, tidy_number
from local_engine.yaml_edit import EditError, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from local_engine.passphrase import Crypter, Decrypter
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
        self.edit(lambda text: put(text, ("encryptionsalt",), salt))

    def edit(self, change: Callable[[str], str]) -> None:
        """Change the text; nothing is written when it stays the same, or when it cannot be changed."""
        old = self._text()
        try:
            new = change(old)
        except EditError as error:
            raise ProjectError(f"{self.path}: {error}.") from None
        if new != old:
            write_atomically(self.path, new)
            self._found = read_yaml(self.path)

    def _text(self) -> str:
        if not self.path.exists():
            return ""
        with self.path.open(encoding="utf-8", newline="") as file:  # line ends stay as they are
            return file.read()


def stack_file(project: Project, stack: str, config_file: Path | None) -> StackFile:
    """Open the stack's config file, or the one given instead of it."""
    return StackFile(config_file or stack_file_path(project, stack))


def stack_file_path(project: Project, stack: str) -> Path:
    """Return where a stack's config file lies."""
    return project.stack_config_directory / f"Pulumi.{stack}.yaml"


def with_defaults(project: Project, file: StackFile) -> dict[str, Any]:
    """Return the stack's values and the project's defaults by full key, as they are written."""
    found = {str(key): value for key, value in file.values().items()}
    for key in found:
        _require_namespace(key, file.path)
    for key, declared in project.config.items():
        full = key if ":" in str(key) else f"{project.name}:{key}"
        default = _default(declared)
        if full not in found and default is not None:
            found[full] = default
    return found


def _require_namespace(key: str, path: Path) -> None:
    if ":" not in key:
        raise ProjectError(f"{path}: the config key '{key}' has no namespace; write it as '<namespace>:{key}'.")


def _default(declared: Any) -> Any:
    if not isinstance(declared, dict):
        return declared
    return declared.get("value", declared.get("default"))


def read_config(project: Project, file: StackFile, crypter: Crypter) -> Config:
    """Put together the stack's values and the project's defaults."""
    config = Config()
    for key, written in with_defaults(project, file).items():
        value, secret = opened(written, crypter)
        if value is None:
            continue
        config.values[key] = text_of(value)
        if secret:
            config.secret_keys.add(key)
    return config


def text_of(value: Any) -> str:
    """Return the text that a program reads: objects are JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def is_secure(value: Any) -> bool:
    """Tell whether this is a sealed value."""
    return isinstance(value, dict) and set(value) == {"secure"}


def opened(value: Any, decrypter: Decrypter) -> tuple[Any, bool]:
    """Return a value with the secrets inside opened, and whether there were any."""
    if isinstance(value, list):
        items = [opened(item, decrypter) for item in value]
        return [item for item, _ in items], any(secret for _, secret in items)
    if not isinstance(value, dict):
        return tidy_number(value), False
    if is_secure(value):
        return decrypter.decrypt(str(value["secure"])), True
    pairs = {str(key): opened(item, decrypter) for key, item in value.items()}
    return {key: pairs[key][0] for key in sorted(pairs)}, any(secret for _, secret in pairs.values())
