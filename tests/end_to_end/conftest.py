"""A copy of this repository's Pulumi project, run by the `billing` command on either engine against the emulator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import stripe

if TYPE_CHECKING:
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

    def billing(self, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run the `billing` command; a change of None takes the variable away."""
        environ = {name: value for name, value in {**self.environ, **changes}.items() if value is not None}
        line = [sys.executable, "-m", "billing_cli", *arguments]
        return subprocess.run(line, cwd=self.directory, env=environ, capture_output=True, text=True, check=False)

    def run(self, operation: str, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run an operation of the engine on the stack."""
        asked = [operation, "--stack", self.stack, "--engine", self.engine, *arguments]
        asked += ["--yes"] if operation in {"up", "refresh", "destroy"} else []
        return self.billing(*asked, **changes)

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


@pytest.fixture(params=["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each end-to-end test runs on the local engine, and on the Pulumi CLI where it is on PATH."""
    name: str = request.param
    if name == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH: this test ran on the local engine only")
    return name


@pytest.fixture
def project(engine: str, tmp_path: Path, stripe_emulator: EmulatorClient) -> Iterator[Project]:
    """This repository's project, copied; its stack `local` works on the emulator."""
    directory = tmp_path / "project"
    directory.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, directory / part)
        else:
            shutil.copy2(source, directory / part)
    (directory / ".venv").symlink_to(sys.prefix)
    (directory / "state").mkdir()
    yield Project(directory, engine, _environment(directory, stripe_emulator))


def _environment(directory: Path, emulator: EmulatorClient) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_"))}
    return inherited | {
        "STRIPE_API_KEY": emulator.key,
        "STRIPE_API_BASE": emulator.url,
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


@pytest.fixture
def client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Stripe's official SDK on the emulator."""
    return stripe.StripeClient(
        stripe_emulator.key, base_addresses={"api": stripe_emulator.url}, max_network_retries=0
    )
