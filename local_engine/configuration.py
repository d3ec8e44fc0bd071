"""`config get`, `set`, `rm` and the list of all: a stack's configuration, read and changed in place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local_engine.config_keys import key_path, typed
from local_engine.errors import ProjectError, StackError
from local_engine.passphrase import Crypter, read_passphrase
from local_engine.stack_config import is_secure, opened, stack_file, text_of, with_defaults
from local_engine.stacks import backend_of
from local_engine.yaml_edit import EditError, put, take, with_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local_engine.passphrase import Decrypter
    from local_engine.project import Project
    from local_engine.property_paths import Path as KeyPath
    from local_engine.stack_config import StackFile

_MASK = "[secret]"


@dataclass(frozen=True)
class ConfigValue:
    """One value: as text, as the object it is if it is one, and whether it is secret."""

    text: str = field(repr=False)
    secret: bool
    object: dict[str, Any] | list[Any] | None = field(default=None, repr=False)
    masked: bool = False

    @classmethod
    def of(cls, written: Any, decrypter: Decrypter) -> ConfigValue:
        """Open a value as it is written in the file."""
        value, secret = opened(written, decrypter)
        structure = value if isinstance(value, dict | list) else None
        return cls(text_of(value), secret, structure, masked=secret and isinstance(decrypter, _Masks))

    def document(self) -> dict[str, Any]:
        """Return the JSON of the CLI; a masked value has none."""
        if self.masked:
            return {"secret": True}
        structure = {} if self.object is None else {"objectValue": self.object}
        return {"value": self.text, **structure, "secret": self.secret}


@dataclass
class _Place:
    """One stack's config file, and what opens and seals its secrets: the passphrase is asked for only then."""

    project: Project
    stack: str
    environ: Mapping[str, str]
    file: StackFile

    @classmethod
    def of(cls, project: Project, stack: str, environ: Mapping[str, str] | None, config_file: Path | None) -> _Place:
        place = cls(project, stack, os.environ if environ is None else environ, stack_file(project, stack, config_file))
        if not place.file.path.exists():
            place.state_salt()  # a stack that has neither file nor state is unknown
        return place

    def state_salt(self) -> str | None:
        return backend_of(self.project, self.environ).read(self.project.name, self.stack).salt

    @cached_property
    def crypter(self) -> Crypter:
        passphrase = read_passphrase(self.environ)
        salt = self.file.salt or self._salt_of_state_if_any()
        return Crypter.open(passphrase, salt) if salt else Crypter.create(passphrase)

    def _salt_of_state_if_any(self) -> str | None:
        try:
            return self.state_salt()
        except StackError:
            return None

    def decrypt(self, sealed: str) -> str:
        return self.crypter.decrypt(sealed)

    def written(self) -> dict[str, Any]:
        return with_defaults(self.project, self.file)


class _Masks:
    """Shows that there is a secret, and not which."""

    def decrypt(self, _sealed: str) -> str:
        """Answer the mask."""
        return _MASK


def config_all(
    project: Project,
    stack: str,
    *,
    show_secrets: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> dict[str, ConfigValue]:
    """Return every value by its full key, the project's defaults included; only secrets need the passphrase."""
    place = _Place.of(project, stack, environ, config_file)
    decrypter: Decrypter = place if show_secrets else _Masks()
    return {key: ConfigValue.of(value, decrypter) for key, value in sorted(place.written().items())}


def config_get(
    project: Project,
    stack: str,
    key: str,
    *,
    path: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> ConfigValue:
    """Return one value, secrets opened."""
    place = _Place.of(project, stack, environ, config_file)
    found: Any = place.written()
    try:
        for part in key_path(project, key, path=path):
            if is_secure(found):
                raise KeyError(part)  # noqa: TRY301 - a sealed value has no inside
            found = found[part]
    except (KeyError, IndexError, TypeError):
        raise ProjectError(f"configuration key '{key}' not found for stack '{stack}'.") from None
    return ConfigValue.of(found, place)


def config_set(
    project: Project,
    stack: str,
    key: str,
    value: str,
    *,
    secret: bool = False,
    path: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> None:
    """Set one value, as a text, or by its look where it lies inside another; every other line stays as it is."""
    place = _Place.of(project, stack, environ, config_file)
    where = key_path(project, key, path=path)
    new = {"secure": place.crypter.encrypt(value)} if secret else typed(value) if len(where) > 1 else value
    where, new = _around_secrets(place.file.values(), where, new)
    salt = place.crypter.state if secret and not place.file.salt else None

    def change(text: str) -> str:
        changed = put(text, ("config", *where), new)
        return put(changed, ("encryptionsalt",), salt) if salt else changed

    place.file.edit(change)


def _around_secrets(values: Mapping[str, Any], where: KeyPath, new: Any) -> tuple[KeyPath, Any]:
    """Put what goes inside of a secret in its place: a sealed value has no inside."""
    if len(where) > 1 and where[-1] == "secure":
        raise ProjectError('maps with the single key "secure" are reserved for secrets; choose another key.')
    found: Any = values
    for depth, part in enumerate(where):
        if is_secure(found):
            return where[:depth], _made(where[depth:], new)
        found = _inside(found, part)
    return where, new


def _made(rest: KeyPath, new: Any) -> Any:
    try:
        return with_value(None, rest, new)
    except EditError as error:
        raise ProjectError(f"{error}.") from None


def _inside(found: Any, part: str | int) -> Any:
    try:
        return found[part]
    except (KeyError, IndexError, TypeError):
        return None


def config_remove(
    project: Project,
    stack: str,
    key: str,
    *,
    path: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> None:
    """Remove one value; what is not there is removed already."""
    place = _Place.of(project, stack, environ, config_file)
    where = key_path(project, key, path=path)
    values = place.file.values()
    alone = len(where) == 1 and set(values) == {where[0]}
    place.file.edit(lambda text: take(text, ("config",) if alone else ("config", *where)))
