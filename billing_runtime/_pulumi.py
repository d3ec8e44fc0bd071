"""The manifest of a stack from the Pulumi CLI (https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_output/)."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from billing_runtime.errors import ManifestNotFound

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_TIMEOUT = 120


def stack_output(
    stack: str, environ: Mapping[str, str], project_dir: str | os.PathLike[str] | None, *, output: str = "manifest"
) -> str:
    """What `pulumi stack output … --json` prints for the stack; an output of secrets is shown."""
    command = shutil.which("pulumi", path=environ.get("PATH"))
    if command is None:
        raise ManifestNotFound.no_pulumi(stack)
    arguments = [command, "stack", "output", output, "--json", "--stack", stack, "--non-interactive"]
    arguments += [] if output == "manifest" else ["--show-secrets"]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own pulumi, no shell
            arguments, env=dict(environ), cwd=project_dir, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise ManifestNotFound.pulumi_failed(stack, f"no answer in {_TIMEOUT} seconds") from None
    except OSError as error:
        raise ManifestNotFound.pulumi_failed(stack, error.strerror or "it cannot be started") from None
    if done.returncode != 0:
        raise ManifestNotFound.pulumi_failed(stack, _first_line(done.stderr))
    return done.stdout


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0] if lines else "no reason given"
