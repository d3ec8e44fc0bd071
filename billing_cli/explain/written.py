"""Settings as they are written in YAML, each with its line: a stack's file, and the project's defaults.

https://www.pulumi.com/docs/iac/concepts/config/
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

if TYPE_CHECKING:
    from pathlib import Path

MASK = "[secret]"
_SECRET_STARTS = ("sk_", "rk_", "whsec_")


@dataclass(frozen=True)
class Written:
    """One setting in a file; what is sealed, or looks like a secret, is masked already."""

    value: Any
    line: int
    is_sealed: bool = False
    """Whether Pulumi encrypted it, so that nobody can read it without the passphrase."""
    key_mode: str | None = None
    """Of a Stripe key in plain text: its mode."""
    plain: tuple[str, ...] = ()
    """The entries of a map that Pulumi did not encrypt."""


def of_stack(path: Path) -> dict[str, Written]:
    """The settings of a stack's file, which must be YAML that was read before."""
    return _section(path, _as_written)


def of_project(path: Path, project: str) -> dict[str, Written]:
    """The values that the project gives every stack which has none of its own."""
    found = _section(path, _as_default)
    return {key if ":" in key else f"{project}:{key}": one for key, one in found.items() if one.value is not None}


def _section(path: Path, read: Any) -> dict[str, Written]:
    if not path.is_file():
        return {}
    found = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    config = found.get("config") if isinstance(found, CommentedMap) else None
    if not isinstance(config, CommentedMap):
        return {}
    return {str(key): _written(read(value), config.lc.key(key)[0] + 1) for key, value in config.items()}


def _as_written(value: Any) -> Any:
    return value


def _as_default(value: Any) -> Any:
    return value.get("value", value.get("default")) if isinstance(value, CommentedMap) else value


def _written(value: Any, line: int) -> Written:
    plain = plain_value(value)
    mode = secret_mode(value) if isinstance(value, str) else None
    entries = value.items() if isinstance(value, CommentedMap) and not _is_sealed(value) else ()
    return Written(
        plain, line, _is_sealed(value), mode, tuple(str(name) for name, one in entries if not _is_sealed(one))
    )


def secret_mode(text: str) -> str | None:
    """The mode of a Stripe key: test, live, or what an organization's key does not tell."""
    from billing_resources._engine.settings import key_mode
    from billing_resources.errors import SettingsError

    try:
        return key_mode(text) or "unknown"
    except SettingsError:
        return None


def plain_value(value: Any) -> Any:
    """A value without what YAML keeps beside it, and without secrets."""
    if _is_sealed(value):
        return MASK
    if isinstance(value, CommentedMap):
        return {str(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain_value(part) for part in value]
    if isinstance(value, str):
        return MASK if value.startswith(_SECRET_STARTS) else str(value)
    return value if value is None or isinstance(value, bool | int) else str(value)


def _is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def as_object(value: Any) -> Any:
    """An object that may be written as JSON, as Pulumi takes it; the value itself where it is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
