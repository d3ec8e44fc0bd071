"""A project in a temporary directory, with a host that does as it is told and writes down every call."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import local_engine
from local_engine import ImportSpec, Result, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TOY = Path(__file__).parent / "toy"
PASSPHRASE = "correct horse"
# A salt made once for the passphrase above: deriving a key takes long on purpose, and this process remembers it.
SALT = "v1:M//D8S3+xtQ=:v1:AmeCMbim509vnJdt:OKxNlkyW2iEe96j8uGcdxkSypN3JYg=="
RUN_OPTIONS = ("parallel", "config_file")
HEADER = "import os, pulumi\nfrom pulumi import ResourceOptions as RO\nfrom thing import Thing, ThingProvider\n"


class Stage:
    """One project with one stack."""

    def __init__(self, directory: Path, name: str = "toy", stack: str = "dev") -> None:
        self.directory = directory / "project"
        self.state_directory = directory / "state"
        self.toy = directory / "toy"
        self.stack = stack
        self.events: list[dict[str, Any]] = []
        for made in (self.directory, self.state_directory, self.toy, self.directory / "host"):
            made.mkdir(parents=True)
        self.pulumi_yaml(name)
        (self.directory / f"Pulumi.{stack}.yaml").write_text(f"encryptionsalt: {SALT}\n")
        shutil.copy(TOY / "thing.py", self.directory)
        self._write_host()
        self.program("")
        self.behave()
        self.environ = {
            **os.environ,
            "PULUMI_BACKEND_URL": f"file://{self.state_directory}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(directory / "home"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TOY_DIR": str(self.toy),
        }

    def pulumi_yaml(self, name: str, extra: str = "") -> None:
        """Write Pulumi.yaml with our host."""
        host = "plugins:\n  providers:\n    - name: pulumi-python\n      path: ./host\n"
        (self.directory / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n{host}{extra}")

    def _write_host(self) -> None:
        host = self.directory / "host" / "pulumi-resource-pulumi-python"
        host.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{TOY / "host.py"}" "$@"\n')
        host.chmod(0o755)

    def program(self, text: str) -> None:
        """Write the program, after the usual imports."""
        (self.directory / "__main__.py").write_text(HEADER + text)

    def config(self, text: str) -> None:
        """Write the stack's config."""
        (self.directory / f"Pulumi.{self.stack}.yaml").write_text(f"encryptionsalt: {SALT}\n{text}")

    def behave(self, **wanted: Any) -> None:
        """Tell the host how to answer."""
        (self.toy / "behaviour.json").write_text(json.dumps(wanted))

    @property
    def project(self) -> local_engine.Project:
        """The project as it is now."""
        return local_engine.load_project(self.directory)

    def init(self) -> Stage:
        """Make the stack."""
        local_engine.stack_init(self.project, self.stack, environ=self.environ)
        return self

    def make_run(self, **options: Any) -> Run:
        """Return a run of this stage."""
        return Run(self.project, self.stack, environ=self.environ, on_event=self.events.append, **options)

    def _operate(self, operation: Callable[..., Result], **options: Any) -> Result:
        self.events.clear()
        (self.toy / "calls.jsonl").unlink(missing_ok=True)
        run = {key: options.pop(key) for key in RUN_OPTIONS if key in options}
        return operation(self.make_run(**run), **options)

    def preview(self, **options: Any) -> Result:
        """Run a preview."""
        return self._operate(local_engine.preview, **options)

    def up(self, **options: Any) -> Result:
        """Run an update."""
        return self._operate(local_engine.up, **options)

    def refresh(self, **options: Any) -> Result:
        """Run a refresh."""
        return self._operate(local_engine.refresh, **options)

    def destroy(self, **options: Any) -> Result:
        """Run a destroy."""
        return self._operate(local_engine.destroy, **options)

    def import_(self, imports: Sequence[ImportSpec], **options: Any) -> Result:
        """Import what exists."""
        return self._operate(lambda run, **more: local_engine.import_resources(run, imports, **more), **options)

    def unlock(self) -> int:
        """Remove locks that a killed run left behind."""
        return local_engine.stack_unlock(self.project, self.stack, environ=self.environ)

    @property
    def state_file(self) -> Path:
        """The stack's state file."""
        return self.state_directory / ".pulumi" / "stacks" / self.project.name / f"{self.stack}.json"

    def state(self) -> dict[str, Any]:
        """Read the state file."""
        return dict(json.loads(self.state_file.read_text())["checkpoint"]["latest"])

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the resources of the state by name."""
        return {found["urn"].rsplit("::", 1)[-1]: found for found in self.state().get("resources", [])}

    def lines(self) -> list[dict[str, Any]]:
        """Return everything the host wrote down in the last operation."""
        path = self.toy / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def calls(self, *methods: str) -> list[tuple[str, str]]:
        """Return method and resource of the calls that ended, in the order of their start."""
        found = [line for line in self.lines() if line["at"] == "start"]
        named = [(line["method"], line["request"].get("name", "")) for line in found]
        return [call for call in named if not methods or call[0] in methods]

    def errors(self, result: Result) -> list[str]:
        """Return the error messages of a result."""
        return [found["message"].strip() for found in result.diagnostics if found["severity"] == "error"]
