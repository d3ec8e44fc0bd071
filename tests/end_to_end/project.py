"""A copy of this repository's Pulumi project, run by the `billing` command on either engine against the emulator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.end_to_end.in_process import run_here

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripe_emulator.client import EmulatorClient

ROOT = Path(__file__).parents[2]
PARTS = ("Pulumi.yaml", "__main__.py", "stacks", "provider")


@dataclass
class Project:
    """One project in a folder of its own, with a state backend and an environment of its own."""

    directory: Path
    engine: str
    environ: dict[str, str] = field(default_factory=dict)
    stack: str = "local"

    def start(self, *arguments: str, **changes: str | None) -> subprocess.Popen[str]:
        """Start the `billing` command in a process group of its own; a change of None takes the variable away."""
        return subprocess.Popen(
            [sys.executable, "-m", "billing_cli", *arguments],
            cwd=self.directory,
            env=self._environ(changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def begin(self, operation: str, *more: str) -> subprocess.Popen[str]:
        """Start an operation of the engine on the stack."""
        return self.start(*self.arguments(operation, *more))

    def billing(self, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run the `billing` command to its end; with the local engine only its program and host are processes."""
        if self.engine == "local":
            return run_here(arguments, cwd=self.directory, environ=self._environ(changes))
        with self.start(*arguments, **changes) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def _environ(self, changes: Mapping[str, str | None]) -> dict[str, str]:
        return {name: value for name, value in {**self.environ, **changes}.items() if value is not None}

    def arguments(self, operation: str, *more: str) -> list[str]:
        """The command line of an operation of the engine on the stack."""
        asked = [operation, "--stack", self.stack, "--engine", self.engine, *more]
        return [*asked, "--yes"] if operation in {"up", "refresh", "destroy", "import"} else asked

    def run(self, operation: str, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run an operation of the engine on the stack."""
        return self.billing(*self.arguments(operation, *arguments), **changes)

    def ok(self, operation: str, *arguments: str, **changes: str | None) -> str:
        """Run an operation that must succeed; answers what it printed."""
        done = self.run(operation, *arguments, **changes)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def refused(self, operation: str, *arguments: str, **changes: str | None) -> str:
        """Run an operation that must fail without a traceback; answers what it printed."""
        done = self.run(operation, *arguments, **changes)
        said = done.stdout + done.stderr
        assert done.returncode == 1, said
        assert "Traceback" not in said
        return said

    @property
    def settings(self) -> Path:
        """The stack's settings file."""
        return self.directory / "stacks" / f"Pulumi.{self.stack}.yaml"

    @property
    def catalog(self) -> Path:
        """The catalog."""
        return self.directory / "stacks" / "catalog.yaml"

    def set(self, **config: Any) -> None:
        """Write keys into the stack's settings; `__` stands for the colon."""
        text = self.settings.read_text(encoding="utf-8")
        lines = [f"  {name.replace('__', ':')}: {json.dumps(value)}" for name, value in config.items()]
        kept = [line for line in text.splitlines() if not line.startswith(tuple(one.split(": ")[0] for one in lines))]
        kept = kept if any(line.startswith("config:") for line in kept) else [*kept, "config:"]
        at = next(index for index, line in enumerate(kept) if line.startswith("config:"))
        self.settings.write_text("\n".join([*kept[: at + 1], *lines, *kept[at + 1 :], ""]), encoding="utf-8")

    @property
    def state_file(self) -> Path:
        """The stack's state."""
        return self.directory / "state" / ".pulumi" / "stacks" / "billing" / f"{self.stack}.json"

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the state."""
        found = json.loads(self.state_file.read_text(encoding="utf-8"))
        return list(found["checkpoint"]["latest"].get("resources", []))

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs as the state keeps them."""
        stack = next(one for one in self.resources() if one["type"] == "pulumi:pulumi:Stack")
        return dict(stack.get("outputs", {}))


def copy_project(directory: Path) -> None:
    """This repository's project with its virtual environment, and an empty state."""
    directory.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, directory / part)
        else:
            shutil.copy2(source, directory / part)
    (directory / ".venv").symlink_to(sys.prefix)
    (directory / "state").mkdir()


def environment(directory: Path, emulator: EmulatorClient) -> dict[str, str]:
    """What the commands find in their environment: everything is below the directory, Stripe is the emulator."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_", "BILLING_"))
    }
    return inherited | {
        "STRIPE_API_KEY": emulator.key,
        "STRIPE_API_BASE": emulator.url,
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


@dataclass(frozen=True)
class Kept:
    """What the first `up` of a stack left, here and at Stripe: where many tests begin."""

    project: Project
    stripe: dict[str, Any]

    @classmethod
    def make(cls, directory: Path, engine: str, emulator: EmulatorClient) -> Kept:
        """Provision once."""
        emulator.reset()
        copy_project(directory)
        project = Project(directory, engine, environment(directory, emulator))
        project.ok("up")
        kept = cls(project, emulator.snapshot())
        emulator.reset()
        return kept

    def copy(self, directory: Path, emulator: EmulatorClient) -> Project:
        """The same again, for one test."""
        shutil.copytree(self.project.directory, directory, symlinks=True)
        emulator.restore(self.stripe)
        return Project(directory, self.project.engine, environment(directory, emulator))
