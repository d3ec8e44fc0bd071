"""Where and on what a command works: the project, the stack, its settings file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from billing_cli.emulated import provide_for
from billing_cli.errors import UsageRefused
from billing_cli.names import STACK


@dataclass(frozen=True)
class Workplace:
    """One stack of one project."""

    directory: Path
    stack: str
    config_file: Path | None = None

    @classmethod
    def find(cls, directory: str, stack: str | None, config_file: str | None) -> Workplace:
        """The project in the directory or above it, and the stack that was named."""
        project = find_project(directory)
        named = stack or os.environ.get("BILLING_STACK")
        if not named:
            raise UsageRefused.no_stack(stacks_with_settings(project))
        if config_file is not None and not Path(config_file).is_file():
            raise UsageRefused(f"there is no settings file {config_file}: --config-file names the stack's settings")
        found = cls(project, named, None if config_file is None else Path(config_file).absolute())
        provide_for(found)
        return found

    @cached_property
    def known_stacks(self) -> list[str]:
        """The stacks that have settings in the project."""
        return stacks_with_settings(self.directory)

    @property
    def settings_file(self) -> Path:
        """The stack's settings."""
        return self.config_file or settings_directory(self.directory) / f"Pulumi.{self.stack}.yaml"

    @property
    def urn(self) -> str:
        """The URN of the stack itself, which has the name of both."""
        project = project_name(self.directory)
        return f"urn:pulumi:{self.stack}::{project}::{STACK}::{project}-{self.stack}"

    def require_settings(self) -> None:
        """Refuse a stack that the project does not know."""
        if not self.settings_file.is_file():
            raise UsageRefused.unknown_stack(self.stack, self.known_stacks)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The stack's configuration as written; secrets stay encrypted."""
        config = _read(self.settings_file).get("config") if self.settings_file.is_file() else None
        return dict(config) if isinstance(config, dict) else {}

    @property
    def has_backend(self) -> bool:
        """Tell whether the project says where state is kept."""
        return "backend" in _read(self.directory / "Pulumi.yaml")

    @property
    def has_passphrase(self) -> bool:
        """Tell whether the stack's secrets are kept under a passphrase."""
        return self.settings_file.is_file() and "encryptionsalt" in _read(self.settings_file)


def find_project(directory: str) -> Path:
    """The folder of the Pulumi project: this one or the nearest above."""
    start = Path(directory).absolute()
    for candidate in (start, *start.parents):
        if (candidate / "Pulumi.yaml").is_file():
            return candidate
    raise UsageRefused(f"no Pulumi.yaml in {start} or above it: run this inside a project, or pass --cwd")


def project_name(project: Path) -> str:
    """The project's name."""
    return str(_read(project / "Pulumi.yaml").get("name"))


def settings_directory(project: Path) -> Path:
    """The folder of the stacks' settings, where the catalog lies too."""
    return project / str(_read(project / "Pulumi.yaml").get("stackConfigDir") or ".")


def stacks_with_settings(project: Path) -> list[str]:
    """The stacks that have settings in the project."""
    found = (re.fullmatch(r"Pulumi\.(.+)\.yaml", path.name) for path in settings_directory(project).glob("Pulumi.*"))
    return sorted(match.group(1) for match in found if match)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise UsageRefused(_not_yaml(path, error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageRefused(f"{path} cannot be read: {error}") from None
    if found is not None and not isinstance(found, dict):
        raise UsageRefused(f"{path} must hold a mapping: `config:` and what belongs to it")
    return found or {}


def _not_yaml(path: Path, error: YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark is not None else str(path)
    problem = getattr(error, "problem", None) or str(error)
    return f"{place}: is not valid YAML: {' '.join(problem.split())}"
