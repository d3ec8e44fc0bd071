"""A stack's settings as a whole: each value with its origin, the catalog as the stack has it, and what is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from billing_cli.engines.workplace import project_name, settings_directory
from billing_cli.explain import written
from billing_cli.explain.catalog_part import OVERRIDES, CatalogPart, catalog_part
from billing_cli.explain.checks import Stack, findings
from billing_cli.explain.findings import Finding
from billing_cli.explain.known import KNOWN, Known
from billing_cli.explain.written import MASK, Written, secret_mode
from billing_review.parity.allowances import SETTING

if TYPE_CHECKING:
    from pathlib import Path

    from billing_cli.engines.workplace import Workplace

Origin = Literal["environment", "stack", "project", "default"]


@dataclass(frozen=True)
class Shown:
    """One setting: what holds, and who says so."""

    key: str
    value: Any
    """Masked where it is a secret; None where nothing holds but the default."""
    origin: Origin
    where: str
    """STRIPE_API_KEY, stacks/Pulumi.dev.yaml:3, or what holds by default."""
    secret: bool = False


@dataclass(frozen=True)
class Explanation:
    """Everything about one stack."""

    stack: str
    file: str
    settings: tuple[Shown, ...]
    catalog: CatalogPart
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether there is no problem."""
        return not any(one.severity == "problem" for one in self.findings)


def explain(workplace: Workplace, *, is_alone: bool = True) -> Explanation:
    """Read everything about the stack from files and the environment; no engine and no network is asked."""
    workplace.require_settings()
    settings = workplace.settings  # what cannot be read as YAML is refused here, with its line
    project, directory = project_name(workplace.directory), workplace.directory
    own = written.of_stack(workplace.settings_file)
    given = written.of_project(directory / "Pulumi.yaml", project)
    stack = Stack(workplace.stack, project, {**given, **own}, given.keys(), os.environ, is_alone)
    catalog = catalog_part(
        settings_directory(directory) / "catalog.yaml",
        _seen(settings_directory(directory) / "catalog.yaml", directory),
        workplace.stack,
        _value(settings, given, OVERRIDES),
        _value(settings, given, SETTING),
        datetime.now(UTC).date(),
    )
    file = _seen(workplace.settings_file, directory)
    shown = tuple(_shown(stack, key, own, given, file) for key in _keys(stack))
    said = [*findings(stack), *catalog.findings]
    located = [replace(one, line=own[one.key].line) if one.key in own else one for one in said]
    return Explanation(workplace.stack, file, shown, catalog, tuple(sorted(located, key=_gravest_first)))


def _gravest_first(one: Finding) -> int:
    return ("problem", "warning", "note").index(one.severity)


def _value(settings: Mapping[str, Any], given: Mapping[str, Written], key: str) -> Any:
    return settings[key] if key in settings else given[key].value if key in given else None


def _keys(stack: Stack) -> list[str]:
    return [*KNOWN, *(key for key in stack.written if key not in KNOWN)]


def _shown(stack: Stack, key: str, own: Mapping[str, Written], given: Mapping[str, Written], file: str) -> Shown:
    known = KNOWN.get(key) or Known(key, "")
    variable = known.variable
    if variable and stack.environ.get(variable):
        return _of_variable(key, variable, stack.environ[variable])
    if key in own:
        return _of_file(key, own[key], "stack", file)
    if key in given:
        return _of_file(key, given[key], "project", "Pulumi.yaml")
    return Shown(key, None, "default", known.default)


def _of_variable(key: str, variable: str, text: str) -> Shown:
    mode = secret_mode(text)
    secret = variable == "STRIPE_API_KEY"
    shown = f"{MASK} ({mode} key)" if mode else MASK
    return Shown(key, shown if secret else text, "environment", variable, secret)


def _of_file(key: str, found: Written, origin: Origin, file: str) -> Shown:
    return Shown(key, found.value, origin, f"{file}:{found.line}", found.is_sealed or MASK in str(found.value))


def _seen(path: Path, directory: Path) -> str:
    """A path as it is seen from the project."""
    return path.relative_to(directory).as_posix() if path.is_relative_to(directory) else str(path)
