"""pytest fixtures: one emulator per test run, empty for every test. Installing the package is enough to have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripe_emulator.client import EmulatorClient
    from stripe_emulator.server import Server


@pytest.fixture(scope="session")
def stripe_emulator_server() -> Iterator[Server]:
    """One listening emulator for the whole run."""
    from stripe_emulator.server import serve  # every test run has this plugin, few need a server

    with serve() as server:
        yield server


@pytest.fixture
def stripe_emulator(stripe_emulator_server: Server) -> EmulatorClient:
    """Return an empty emulator."""
    stripe_emulator_server.admin.reset()
    return stripe_emulator_server.admin
