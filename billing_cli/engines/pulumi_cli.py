"""The real engine: the Pulumi CLI, shown as it shows itself. https://www.pulumi.com/docs/iac/cli/."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from billing_cli.errors import OperationFailed

if TYPE_CHECKING:
    from billing_cli.engines.engine import Wishes
    from billing_cli.engines.workplace import Workplace


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
        listed = json.loads(self._asked("stack", "ls", "--json") or "[]")
        if any(one["name"].rpartition("/")[2] == self._workplace.stack for one in listed):
            return False
        self._workplace.require_settings()
        self._asked("stack", "init", self._workplace.stack, "--no-select")
        return True

    def preview(self, wishes: Wishes) -> int:
        """``pulumi preview``."""
        return self._shown("preview", wishes, ["--diff"] if wishes.show_diff else [])

    def up(self, wishes: Wishes) -> int:
        """``pulumi up``."""
        return self._shown("up", wishes, ["--yes", "--skip-preview", "--suppress-outputs"])

    def refresh(self, wishes: Wishes) -> int:
        """``pulumi refresh``."""
        return self._shown("refresh", wishes, ["--yes", "--skip-preview"])

    def destroy(self, wishes: Wishes) -> int:
        """``pulumi destroy``."""
        return self._shown("destroy", wishes, ["--yes", "--skip-preview"])

    def outputs(self) -> dict[str, Any]:
        """``pulumi stack output --json``."""
        found: dict[str, Any] = json.loads(self._asked("stack", "output", "--json", *self._which))
        return found

    @property
    def _which(self) -> list[str]:
        return ["--stack", self._workplace.stack]

    def _shown(self, operation: str, wishes: Wishes, more: list[str]) -> int:
        """Run it with its own display."""
        config = self._workplace.config_file
        arguments = [operation, *self._which, *more]
        arguments += ["--json"] if wishes.as_json else []
        arguments += ["--parallel", str(wishes.parallel)] if wishes.parallel else []
        arguments += ["--expect-no-changes"] if wishes.expect_no_changes else []
        arguments += ["--refresh"] if wishes.refresh and operation in {"preview", "up"} else []
        arguments += ["--config-file", str(config)] if config else []
        return subprocess.run(self._line(arguments), cwd=self._workplace.directory, check=False).returncode  # noqa: S603

    def _asked(self, *arguments: str) -> str:
        """Run it for its answer."""
        done = subprocess.run(  # noqa: S603 - the user's own pulumi
            self._line(list(arguments)), cwd=self._workplace.directory, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            raise OperationFailed(f"pulumi {arguments[0]} failed: {said[0].removeprefix('error: ')}")
        return done.stdout

    def _line(self, arguments: list[str]) -> list[str]:
        return [self._command, *arguments, "--non-interactive"]
