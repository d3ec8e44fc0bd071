"""pytest fixtures: one emulator per test run, empty for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stripe_emulator.client import EmulatorClient
from stripe_emulator.server import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def stripe_emulator_server() -> Iterator[Server]:
    """One listening emulator for the whole run."""
    with serve() as server:
        yield server


@pytest.fixture
def stripe_emulator(stripe_emulator_server: Server) -> EmulatorClient:
    """Return an empty emulator."""
    stripe_emulator_server.admin.reset()
    return stripe_emulator_server.admin
