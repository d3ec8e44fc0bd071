"""What every test can use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
import stripe

from tests import postgresql
from tests import redis_server as redis_servers

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


@pytest.fixture(scope="session")
def started_redis() -> Iterator[redis_servers.Server]:
    """Debian's Redis, one for each process that runs tests."""
    if redis_servers.program() is None:
        pytest.skip("Redis is not installed (Debian: apt-get install redis-server)")
    with redis_servers.server() as server:
        yield server


@pytest.fixture
def redis_server(started_redis: redis_servers.Server) -> redis_servers.Server:
    """A Redis that runs and holds nothing, whatever the test before did to it."""
    started_redis.start()
    started_redis.flush()
    return started_redis
