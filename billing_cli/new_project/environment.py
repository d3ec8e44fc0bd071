"""The virtual environment of a new project: the one this command runs in, until it gets its own."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path


def has_environment(directory: Path) -> bool:
    """Whether the project has a virtual environment, in which its program and its host run."""
    return (directory / ".venv" / "bin" / "python").exists()


def link_environment(directory: Path) -> bool:
    """Link the environment that this command was installed into, where the project has none; whether it was linked.

    The project works at once with it. The system's Python is never linked.
    """
    environment = directory / ".venv"
    if sys.prefix == sys.base_prefix or os.path.lexists(environment):
        return False
    with suppress(OSError):
        environment.symlink_to(sys.prefix)
    return environment.is_symlink()
