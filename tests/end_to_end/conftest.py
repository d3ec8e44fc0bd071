"""Stages of the end-to-end tests: an engine, a project that is new, and one that is provisioned already."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stripe

from tests.end_to_end.processes import working_in
from tests.end_to_end.project import Kept, Project, copy_project, environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from stripe_emulator.server import Server

pytest.register_assert_rewrite("tests.end_to_end.random_kills")


@pytest.fixture(params=["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each end-to-end test runs on the local engine, and on the Pulumi CLI where it is on PATH."""
    name: str = request.param
    if name == "pulumi":
        require_pulumi()
    return name


@pytest.fixture
def pulumi() -> str:
    """For a test that only makes sense with the Pulumi CLI."""
    require_pulumi()
    return "pulumi"


def require_pulumi() -> None:
    """Skip, visibly, where the Pulumi CLI is not."""
    if shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH: this test ran on the local engine only, or not at all")


@pytest.fixture
def project(engine: str, tmp_path: Path, stripe_emulator: EmulatorClient) -> Iterator[Project]:
    """This repository's project, copied; its stack `local` works on the emulator."""
    directory = tmp_path / "project"
    copy_project(directory)
    yield Project(directory, engine, environment(directory, stripe_emulator))
    end_language_hosts(directory)


@pytest.fixture(scope="session")
def keep_provisioned(tmp_path_factory: pytest.TempPathFactory, stripe_emulator_server: Server) -> Callable[[str], Kept]:
    """One first `up` for each engine."""
    kept: dict[str, Kept] = {}

    def keep(engine: str) -> Kept:
        if engine not in kept:
            directory = tmp_path_factory.mktemp("provisioned") / engine
            kept[engine] = Kept.make(directory, engine, stripe_emulator_server.admin)
        return kept[engine]

    return keep


@pytest.fixture
def provisioned(
    engine: str, tmp_path: Path, stripe_emulator: EmulatorClient, keep_provisioned: Callable[[str], Kept]
) -> Iterator[Project]:
    """The project after its first `up`; nothing has been requested since."""
    yield keep_provisioned(engine).copy(tmp_path / "project", stripe_emulator)
    end_language_hosts(tmp_path / "project")


def end_language_hosts(directory: Path) -> None:
    """The CLI leaves its language host behind where it refuses a passphrase."""
    for process in working_in(directory):
        if "/pulumi-language-" in process.command:
            process.kill()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many random kills there were, by what they interrupted."""
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])]
    properties = [found for report in reports for found in getattr(report, "user_properties", [])]
    kills = Counter((one["operation"], one["point"], one["victim"]) for name, one in properties if name == "kill")
    if kills:
        terminalreporter.section(f"{kills.total()} random kills")
        for (operation, point, victim), count in sorted(kills.items()):
            terminalreporter.write_line(f"{count:4}  {operation:12} {point:9} {victim}")


@pytest.fixture
def client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Stripe's official SDK on the emulator."""
    return stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url}, max_network_retries=0)
