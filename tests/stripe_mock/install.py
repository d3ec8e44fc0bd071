"""Build stripe-mock beside the virtual environment's tools; `script/setup dev` calls this, and goes on without it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.stripe_mock.installed import FOLDER, SPECIFICATION, VERSION, is_installed

_MODULE = f"github.com/stripe/stripe-mock@{VERSION}"
_PATIENCE = 300  # seconds for download and build


def main() -> int:
    """Build it if it is not there and Go is; a failure is a note, the checks say that they are skipped."""
    go = shutil.which("go")
    if is_installed() or go is None:
        return 0
    sys.stdout.write(f"Building stripe-mock {VERSION}\n")
    try:
        _build(go)
    except subprocess.TimeoutExpired:
        return _note(f"not done after {_PATIENCE} seconds")
    except subprocess.CalledProcessError as error:
        return _note(str(error.stderr).strip().rpartition("\n")[2])
    return 0


def _build(go: str) -> None:
    _run(go, "install", _MODULE)
    module = Path(_run(go, "list", "-m", "-f", "{{.Dir}}", _MODULE).strip())
    SPECIFICATION.write_bytes((module / "embedded" / "openapi" / "spec3.json").read_bytes())


def _run(*command: str) -> str:
    environ = {**os.environ, "GOBIN": str(FOLDER), "GOFLAGS": "-mod=mod", "GOWORK": "off"}
    done = subprocess.run(
        command, env=environ, cwd=FOLDER.parent, capture_output=True, text=True, check=True, timeout=_PATIENCE
    )
    return done.stdout


def _note(reason: str) -> int:
    sys.stderr.write(f"script/setup: stripe-mock could not be built ({reason}): requests will not be judged by it\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
