"""Keys of the configuration: `name`, `namespace:name`, and paths into their values such as `name.inner[0]`.

https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_engine import property_paths
from local_engine.errors import ProjectError

if TYPE_CHECKING:
    from local_engine.project import Project

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")


def full_key(project: Project, key: str) -> str:
    """Return a key with its namespace, which is the project's name when none is given."""
    parts = key.split(":")
    if len(parts) == 3 and parts[1] == "config":
        parts = [parts[0], parts[2]]
    if len(parts) > 2 or not all(parts):
        raise ProjectError(
            f"could not parse '{key}' as a configuration key; configuration keys should be of the form "
            "`<namespace>:<name>`."
        )
    return ":".join(parts if len(parts) == 2 else [project.name, *parts])


def key_path(project: Project, key: str, *, path: bool) -> property_paths.Path:
    """Return the full key, and the way into its value if the key is a path."""
    if not path:
        return (full_key(project, key),)
    try:
        first, *rest = property_paths.parse(key)
    except ValueError:
        raise ProjectError(f"'{key}' is not a path of configuration keys; write it as in 'outer.inner[0]'.") from None
    if isinstance(first, int) or key.startswith(".") or "*" in rest:
        raise ProjectError(f"'{key}' is not a path of configuration keys; it begins with a name.")
    return (full_key(project, first), *rest)


def typed(text: str) -> Any:
    """Return what a text means inside a map or a list: a truth, a whole number, or itself."""
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if _WHOLE.fullmatch(text) else text
