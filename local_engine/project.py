"""Pulumi.yaml: the project (https://www.pulumi.com/docs/iac/concepts/projects/project-file/)."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from local_engine.errors import ProjectError, UnsupportedError

HOST_PACKAGE = "pulumi-python"


@dataclass(frozen=True)
class Project:
    """What Pulumi.yaml says, with defaults filled in."""

    name: str
    directory: Path
    main: Path
    virtualenv: Path | None = None
    stack_config_directory: Path = Path()
    config: dict[str, Any] = field(default_factory=dict)
    backend_url: str | None = None
    host: Path | None = None

    @property
    def python(self) -> str:
        """The interpreter of the project's virtual environment, or our own when that was never made."""
        if self.virtualenv is None or not self.virtualenv.exists():
            return sys.executable
        found = self.virtualenv / "bin" / "python"
        if not os.access(found, os.X_OK):
            raise ProjectError(
                f"{self.virtualenv}, named as 'virtualenv' in Pulumi.yaml, has no interpreter in bin/python; "
                "make the environment anew."
            )
        return str(found)

    @property
    def program(self) -> tuple[Path, str]:
        """Where the program runs, and what is run there: a directory's `__main__.py`, or one file."""
        return (self.main, ".") if self.main.is_dir() else (self.main.parent, self.main.name)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping; an empty file is an empty mapping."""
    try:
        found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path} cannot be read: {error}.") from None
    except YAMLError as error:
        raise ProjectError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(found, dict | None):
        raise ProjectError(f"{path} must hold a mapping.")
    return found or {}


def load_project(directory: Path | str) -> Project:
    """Read the project in a directory, or in the nearest one above it."""
    start = Path(directory).absolute()
    for candidate in (start, *start.parents):
        for name in ("Pulumi.yaml", "Pulumi.yml"):
            if (candidate / name).is_file():
                return _project(candidate / name)
    raise ProjectError(f"no Pulumi.yaml project file found in {start} or above it.")


def _project(path: Path) -> Project:
    found = read_yaml(path)
    name = found.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", name):
        raise ProjectError(f"{path}: 'name' must be letters, digits, hyphens, underscores and periods.")
    directory = path.parent
    environment = _text(path, _runtime_options(path, found.get("runtime")), "virtualenv")
    return Project(
        name=name,
        directory=directory,
        main=(directory / (_text(path, found, "main") or ".")).absolute(),
        virtualenv=(directory / environment).absolute() if environment else None,
        stack_config_directory=directory / (_text(path, found, "stackConfigDir") or "."),
        config=found["config"] if isinstance(found.get("config"), dict) else {},
        backend_url=_text(path, _mapping(path, found, "backend"), "url"),
        host=_host(path, _mapping(path, found, "plugins")),
    )


def _mapping(path: Path, found: dict[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key) or {}
    if not isinstance(value, dict):
        raise ProjectError(f"{path}: '{key}' must hold a mapping.")
    return value


def _text(path: Path, found: dict[str, Any], key: str) -> str | None:
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        raise ProjectError(f"{path}: '{key}' must be a text.")
    return value


def _runtime_options(path: Path, runtime: Any) -> dict[str, Any]:
    if runtime is None:
        raise ProjectError(f"{path}: 'runtime' is missing; write `runtime: python`.")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise UnsupportedError.by_local_engine(f"the runtime '{name}'")
    return _mapping(path, runtime, "options") if isinstance(runtime, dict) else {}


def _host(path: Path, plugins: dict[str, Any]) -> Path | None:
    providers = plugins.get("providers") or []
    if not isinstance(providers, list) or not all(isinstance(plugin, dict) for plugin in providers):
        raise ProjectError(f"{path}: 'plugins.providers' must be a list of mappings with 'name' and 'path'.")
    for plugin in providers:
        if plugin.get("name") == HOST_PACKAGE:
            place = _text(path, plugin, "path")
            if not place:
                raise ProjectError(f"{path}: the provider {HOST_PACKAGE} under 'plugins' has no 'path'.")
            return (path.parent / place).absolute() / f"pulumi-resource-{HOST_PACKAGE}"
    return None
