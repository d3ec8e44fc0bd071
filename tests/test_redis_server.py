"""The Redis of the tests keeps what it says it keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tests.redis_server import Server, program, server

pytestmark = pytest.mark.redis


@pytest.fixture
def careful() -> Iterator[Server]:
    """A server that waits for its disk before it answers."""
    if program() is None:
        pytest.skip("Redis is not installed (Debian: apt-get install redis-server)")
    with server("always") as one:
        yield one


def test_what_was_answered_is_there_after_a_kill(careful: Server) -> None:
    """With `appendfsync always`, the other design of the benchmarks loses nothing that it has answered."""
    with redis.Redis.from_url(careful.url) as client:
        client.incrby("used", 7)
    careful.kill()
    careful.start()
    with redis.Redis.from_url(careful.url) as client:
        assert client.get("used") == b"7"


def test_every_test_begins_with_an_empty_server(redis_server: Server) -> None:
    """A server that a test has killed runs again, and holds nothing."""
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.dbsize() == 0
        client.set("left", "over")
    redis_server.kill()


def test_also_after_one_that_killed_it(redis_server: Server) -> None:
    """The same, after the test above."""
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.dbsize() == 0
