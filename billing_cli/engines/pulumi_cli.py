"""The real engine: the Pulumi CLI, shown as it shows itself. https://www.pulumi.com/docs/iac/cli/."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from billing_cli.errors import OperationFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_cli.engines.engine import Wishes
    from billing_cli.engines.workplace import Workplace

_AT_ONCE = ["--yes", "--skip-preview"]


class PulumiCli:
    """Every operation is the CLI's own, with its own display and exit code."""

    def __init__(self, command: str, workplace: Workplace) -> None:
        self._command = command
        self._workplace = workplace

    @property
    def title(self) -> str:
        """The CLI's version."""
        return f"pulumi {self._asked('version').strip()} ({self._command})"

    def ensure_stack(self) -> bool:
        """``pulumi stack init`` where the settings are there but the stack is not."""
        if self._exists():
            return False
        self._workplace.require_settings()
        self._asked("stack", "init", self._workplace.stack, "--no-select")
        return True

    def _exists(self) -> bool:
        listed = json.loads(self._asked("stack", "ls", "--json") or "[]")
        return any(one["name"].rpartition("/")[2] == self._workplace.stack for one in listed)

    def preview(self, wishes: Wishes) -> int:
        """``pulumi preview``."""
        return self._shown("preview", wishes, ["--diff"] if wishes.show_diff else [])

    def up(self, wishes: Wishes) -> int:
        """``pulumi up``."""
        return self._shown("up", wishes, _AT_ONCE)

    def refresh(self, wishes: Wishes) -> int:
        """``pulumi refresh``."""
        return self._shown("refresh", wishes, _AT_ONCE)

    def preview_destroy(self, wishes: Wishes) -> int:
        """``pulumi destroy --preview-only``."""
        return self._shown("destroy", wishes, ["--preview-only"])

    def destroy(self, wishes: Wishes) -> int:
        """``pulumi destroy``."""
        return self._shown("destroy", wishes, _AT_ONCE)

    def cancel(self) -> int:
        """``pulumi cancel``."""
        return self._run(["cancel", *self._which, "--yes"])

    def outputs(self) -> dict[str, Any]:
        """``pulumi stack output --json``."""
        if not self._exists():
            self._workplace.require_settings()
            return {}
        found: dict[str, Any] = json.loads(self._asked("stack", "output", "--json", *self._which))
        return found

    @property
    def _which(self) -> list[str]:
        return ["--stack", self._workplace.stack]

    def _shown(self, operation: str, wishes: Wishes, more: list[str]) -> int:
        """Run it with its own display."""
        config = self._workplace.config_file
        arguments = [operation, *self._which, *more, "--suppress-outputs"]  # the manifest is long: `billing manifest`
        arguments += ["--json"] if wishes.as_json else []
        arguments += ["--parallel", str(wishes.parallel)] if wishes.parallel else []
        arguments += ["--expect-no-changes"] if wishes.expect_no_changes else []
        arguments += ["--refresh"] if wishes.refresh and operation in {"preview", "up"} else []
        arguments += ["--config-file", str(config)] if config else []
        return self._run(arguments)

    def _run(self, arguments: list[str]) -> int:
        alone = [] if sys.stdin.isatty() and sys.stdout.isatty() else ["--non-interactive"]
        line = [self._command, *arguments, *alone]
        with _left_to_the_child(), subprocess.Popen(line, cwd=self._workplace.directory) as process:  # noqa: S603 - the same
            return process.wait()

    def _asked(self, *arguments: str) -> str:
        """Run it for its answer."""
        done = subprocess.run(  # noqa: S603 - the user's own pulumi
            [self._command, *arguments, "--non-interactive"],
            cwd=self._workplace.directory,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            raise OperationFailed(f"pulumi {arguments[0]} failed: {said[0].removeprefix('error: ')}{_way_out(said[0])}")
        return done.stdout


def _way_out(said: str) -> str:
    """What to do about a state that cannot be read: the CLI names neither the file nor a way."""
    where = os.environ.get("PULUMI_BACKEND_URL", "")
    if not where.startswith("file:") or not re.search(r"JSON|json:|invalid character", said):
        return ""
    return f"; a state file below {where} is broken: restore it from the .json.bak beside it, nothing was changed"


@contextmanager
def _left_to_the_child() -> Iterator[None]:
    """Ctrl-C reaches the CLI as well: it ends in good order, and killing it meanwhile would leave a lock behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGINT, lambda *_: None)  # a handler, not SIG_IGN, which the child would inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
