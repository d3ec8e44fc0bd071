"""What people use today: a counter in Redis, a row lock in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks.consume.callers import ENTITIES, Consume

if TYPE_CHECKING:
    import psycopg

_LIMIT = 10**12
_PERIOD = 30 * 86_400

# As convex-billing decides: the counter is made with the end of its period, then counted up if it stays in the limit.
_SCRIPT = """
local used = redis.call('GET', KEYS[1])
if not used then
  redis.call('SET', KEYS[1], 0, 'EX', ARGV[3])
  used = 0
end
if ARGV[4] == '1' and tonumber(used) + tonumber(ARGV[1]) > tonumber(ARGV[2]) then
  return 0
end
redis.call('INCRBY', KEYS[1], ARGV[1])
return 1
"""


@dataclass(frozen=True)
class RedisScript:
    """A counter in Redis that writes to its append-only file before it answers; every caller has a connection."""

    url: str
    name: str = "Redis script, AOF always"

    @contextmanager
    def opened(self, callers: int) -> Iterator[Callable[[], Consume]]:
        """One pool."""
        import redis

        with redis.Redis.from_url(self.url, max_connections=callers + 1) as client:
            script = client.register_script(_SCRIPT)

            def consume(entity: str) -> bool:
                return bool(script(keys=[f"usage:{entity}:tokens"], args=[1, _LIMIT, _PERIOD, 1]) == 1)

            yield lambda: consume


_TABLES = """
CREATE TABLE used (entity TEXT, name TEXT, amount BIGINT NOT NULL, most BIGINT NOT NULL, PRIMARY KEY (entity, name));
CREATE TABLE events (id TEXT PRIMARY KEY, entity TEXT NOT NULL, name TEXT NOT NULL, amount BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL DEFAULT now());
"""


@dataclass(frozen=True)
class RowLock:
    """SELECT … FOR UPDATE, UPDATE, INSERT of the event, COMMIT: one transaction for each decision."""

    url: str
    name: str = "PostgreSQL, SELECT FOR UPDATE"

    def prepare(self) -> None:
        """Make the tables, and everybody's counter."""
        import psycopg

        with psycopg.connect(self.url) as connection:
            connection.execute(_TABLES)
            rows = [(f"org_{place}", "tokens", 0, _LIMIT) for place in range(ENTITIES)]
            connection.cursor().executemany("INSERT INTO used VALUES (%s, %s, %s, %s)", rows)

    @contextmanager
    def opened(self, callers: int) -> Iterator[Callable[[], Consume]]:
        """A connection for each caller."""
        import psycopg

        connections = [psycopg.connect(self.url) for _ in range(callers)]
        free = list(connections)
        try:
            yield lambda: _by_row(free.pop())
        finally:
            for connection in connections:
                connection.close()


def _by_row(connection: psycopg.Connection[tuple[int, int]]) -> Consume:
    def consume(entity: str) -> bool:
        key = (entity, "tokens")
        with connection.transaction():
            found = connection.execute(
                "SELECT amount, most FROM used WHERE entity = %s AND name = %s FOR UPDATE", key
            ).fetchone()
            assert found is not None
            if found[0] + 1 > found[1]:
                return False
            connection.execute("UPDATE used SET amount = amount + 1 WHERE entity = %s AND name = %s", key)
            event = (uuid4().hex, entity, "tokens", 1)
            connection.execute("INSERT INTO events (id, entity, name, amount) VALUES (%s, %s, %s, %s)", event)
        return True

    return consume
