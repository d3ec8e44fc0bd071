"""How the project wants to be judged: ``[tool.billing.review]`` of pyproject.toml, and the catalog's suppressions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from billing_cli.review.source import Found
    from billing_review.judgement import JudgementSettings

_FILE = "pyproject.toml"


def measures_of(found: Found) -> JudgementSettings:
    """The settings around the change; refuses with every problem of what is written there."""
    from billing_review.judgement import InvalidJudgement, settings_of, suppressions_of

    try:
        settings = settings_of(*_table(found.project))
        side = found.side
        if side is None or side.catalog is None or side.document is None:
            return settings
        return settings.with_exemptions(suppressions_of(side.catalog.data, side.path, side.document.spots))
    except InvalidJudgement as error:
        raise UsageRefused(str(error)) from None


def _table(project: Path | None) -> tuple[Mapping[str, Any], str]:
    """The table in the nearest pyproject.toml, and the file's name."""
    around = (project, *project.parents) if project is not None else ()
    file = next((folder / _FILE for folder in around if (folder / _FILE).is_file()), None)
    if file is None:
        return {}, _FILE
    name = _FILE if file.parent == project else str(file)
    found: Any = _toml(file, name)
    for part in ("tool", "billing", "review"):
        found = found.get(part, {})
        if not isinstance(found, Mapping):
            raise UsageRefused(f"{name}: {part} of tool.billing.review takes a table")
    return found, name


def _toml(file: Path, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageRefused(f"{name}: is not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageRefused(f"{name} cannot be read: {error}") from None
