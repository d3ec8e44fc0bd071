"""The virtual environment of a new project: the one this command runs in, until it gets its own."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path


def linked_environment(directory: Path) -> bool:
    """Whether the project has a virtual environment now.

    Program and host run in `.venv`. Where there is none, and the command itself was installed into a virtual
    environment, a link to that makes the project work at once; the system's Python is never linked.
    """
    environment = directory / ".venv"
    if (environment / "bin" / "python").exists():
        return True
    if sys.prefix == sys.base_prefix or os.path.lexists(environment):
        return False
    with suppress(OSError):
        environment.symlink_to(sys.prefix)
    return environment.exists()
