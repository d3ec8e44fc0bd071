"""The installed `billing` command in a project of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.in_process import run_here
from tests.end_to_end.project import Kept, Project, copy_project, environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from stripe_emulator.server import Server

COMMAND = str(Path(sys.executable).with_name("billing"))
Ran = subprocess.CompletedProcess[str]
Billing = Callable[..., Ran]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """This repository's project, with nothing provisioned."""
    copy_project(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def billing(shop: Path, stripe_emulator: EmulatorClient) -> Billing:
    """Run a command in the shop, without a terminal; a variable of None is taken away."""
    usual = environment(shop, stripe_emulator)

    def run(*arguments: str, cwd: Path = shop, **changes: str | None) -> Ran:
        environ = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        return run_here(arguments, cwd=cwd, environ=environ)

    return run


@pytest.fixture
def installed(shop: Path, stripe_emulator: EmulatorClient) -> Billing:
    """The same as the installed command, in a process of its own."""
    usual = environment(shop, stripe_emulator)

    def run(*arguments: str, cwd: Path = shop, **changes: str | None) -> Ran:
        environ = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        line = [COMMAND, *arguments]
        return subprocess.run(
            line, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, stripe_emulator_server: Server) -> Kept:
    """One stack, provisioned by the local engine."""
    return Kept.make(tmp_path_factory.mktemp("kept") / "project", "local", stripe_emulator_server.admin)


@pytest.fixture
def provisioned(kept: Kept, tmp_path: Path, stripe_emulator: EmulatorClient) -> Project:
    """The provisioned stack, for one test."""
    return kept.copy(tmp_path / "provisioned", stripe_emulator)


@pytest.fixture
def pulumi() -> None:
    """Skip, visibly, where the Pulumi CLI is not."""
    if shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
