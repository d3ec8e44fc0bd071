"""What every test can use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
import stripe

from tests import postgresql

hypothesis.settings.register_profile("without deadlines", deadline=None)  # a busy machine is no bug
hypothesis.settings.load_profile("without deadlines")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its notes on closed connections would drown the summary

stripe.enable_telemetry = False  # it would write below the home directory


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """Debian's PostgreSQL, one for each process that runs tests."""
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgresql.server() as server:
        yield server
