"""The real engine: the Pulumi CLI. https://www.pulumi.com/docs/iac/cli/."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from billing_cli.engines.pulumi_process import PulumiProcess
from billing_cli.view import Console

if TYPE_CHECKING:
    from billing_cli.engines.engine import Wishes
    from billing_cli.engines.workplace import Workplace
    from billing_cli.imports import Imports

_TITLES = {
    ("preview", True): "Previewing update",
    ("up", False): "Updating",
    ("refresh", False): "Refreshing",
    ("destroy", True): "Previewing destroy",
    ("destroy", False): "Destroying",
    ("import", True): "Previewing import",
    ("import", False): "Importing",
}
_AT_ONCE = ["--yes", "--skip-preview"]


class PulumiCli:
    """Every operation is the CLI's own, with its own exit code."""

    def __init__(self, command: str, workplace: Workplace) -> None:
        self._command = command
        self._process = PulumiProcess(command, workplace.directory)
        self._workplace = workplace

    @property
    def title(self) -> str:
        """The CLI's version."""
        return f"pulumi {self._process.asked('version').strip()} ({self._command})"

    def has_stack(self) -> bool:
        """Whether the CLI knows the stack."""
        return self._process.has_stack(self._workplace.stack)

    def ensure_stack(self) -> bool:
        """``pulumi stack init`` where the settings are there but the stack is not."""
        if self._process.has_stack(self._workplace.stack):
            return False
        self._workplace.require_settings()
        self._process.asked("stack", "init", self._workplace.stack, "--no-select")
        return True

    def preview(self, wishes: Wishes) -> int:
        """``pulumi preview``."""
        return self._shown("preview", wishes, [])

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

    def planned(self, wishes: Wishes, *, destroys: bool) -> tuple[int, list[dict[str, Any]]]:
        """The exit code and the events of the preview of ``up`` or ``destroy``; nothing is shown."""
        events: list[dict[str, Any]] = []
        operation = ["destroy", "--preview-only"] if destroys else ["preview"]
        arguments = [*operation, *self._which, *self._options(operation[0], replace(wishes, expect_no_changes=False))]
        return self._process.watched(arguments, events.append), events

    def previewed(self, wishes: Wishes) -> tuple[int, str]:
        """The exit code of the preview of ``up`` and its document, as `pulumi preview --json` prints it."""
        options = self._options("preview", replace(wishes, expect_no_changes=False))
        return self._process.printed(["preview", *self._which, *options, "--json"])

    def exported(self) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` prints it: secrets stay encrypted."""
        found: dict[str, Any] = json.loads(self._process.asked("stack", "export", *self._which))
        return found

    def import_(self, imports: Imports, wishes: Wishes) -> int:
        """``pulumi import --file``; writing code is not for a catalog."""
        with TemporaryDirectory(prefix="billing-import-") as directory:
            path = Path(directory) / "imports.json"
            path.write_text(json.dumps(imports.document()), encoding="utf-8")
            more = ["--preview-only"] if imports.preview_only else _AT_ONCE
            more = [*more, f"--protect={str(imports.protect).lower()}", "--generate-code=false", "--file", str(path)]
            return self._shown("import", wishes, more)

    def outputs(self) -> dict[str, Any]:
        """``pulumi stack output --json``."""
        if not self._process.has_stack(self._workplace.stack):
            self._workplace.require_settings()
            return {}
        found: dict[str, Any] = json.loads(self._process.asked("stack", "output", "--json", *self._which))
        return found

    @property
    def _which(self) -> list[str]:
        return ["--stack", self._workplace.stack]

    def _shown(self, operation: str, wishes: Wishes, more: list[str]) -> int:
        """Run it and show it as the local engine is shown; its own display where it may ask, or was asked for."""
        preview = operation == "preview" or "--preview-only" in more
        arguments = [operation, *self._which, *more, *self._options(operation, wishes)]
        if wishes.as_json:
            return self._process.run([*arguments, "--json"])
        if wishes.show_diff or self._may_ask:
            return self._process.run([*arguments, *_display(operation, wishes)])
        title, urn = f"{_TITLES[operation, preview]} ({self._workplace.stack})", self._workplace.urn
        with Console(title, preview=preview, stack=urn) as console:
            return self._process.watched(arguments, console.event)

    def _options(self, operation: str, wishes: Wishes) -> list[str]:
        config = self._workplace.config_file
        arguments = ["--parallel", str(wishes.parallel)] if wishes.parallel else []
        arguments += ["--expect-no-changes"] if wishes.expect_no_changes else []
        arguments += ["--refresh"] if wishes.refresh and operation in {"preview", "up"} else []
        arguments += wishes.selection.arguments()
        return [*arguments, "--config-file", str(config)] if config else arguments

    @property
    def _may_ask(self) -> bool:
        """The CLI asks for a passphrase that it was not given, if it is at a terminal with its own display."""
        given = {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"} & set(os.environ)
        return sys.stdin.isatty() and sys.stdout.isatty() and not given and self._workplace.has_passphrase


def _display(operation: str, wishes: Wishes) -> list[str]:
    """Everything in --diff; elsewhere the outputs, which hold the manifest, are too long for the CLI's display."""
    if not wishes.show_diff:
        return ["--suppress-outputs"]
    return ["--diff", "--show-full-output"] if operation in {"preview", "up", "destroy"} else ["--diff"]
