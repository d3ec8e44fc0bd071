"""What is left of leases, in Redis (https://redis.io/docs/latest/develop/interact/programmability/eval-intro/).

Redis may forget everything at any moment: then nobody gets any more of a lease, and its reservation runs out. It must
not go back in time: after a restart it may remember more than was left, so what an earlier run has kept is not used.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from billing_runtime._store import Scope

_log = logging.getLogger("billing_runtime.leases")

# A decision must not wait for a Redis that is away; it is left alone for a while then.
_TIMEOUT, _PAUSE = 0.25, 1.0
_MARGIN_SECONDS = 60

_RUN = "local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')\n"
_FOUND = (
    _RUN
    + """
local found = redis.call('HMGET', KEYS[1], 'run', 'left', 'receipt', 'lease')
local left = found[1] == run and tonumber(found[2]) or 0
"""
)
_TAKE = (
    _FOUND
    + """
local units = math.min(left, tonumber(ARGV[1]))
if units < tonumber(ARGV[2]) then return false end
redis.call('HINCRBY', KEYS[1], 'left', -units)
return {units, left, found[4]}
"""
)
_PUT = (
    _FOUND
    + """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'run', run, 'left', ARGV[1], 'receipt', ARGV[2], 'lease', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {left, left > 0 and found[4] or ''}
"""
)
_DRAIN = (
    _FOUND
    + """
if ARGV[1] ~= '' and ARGV[1] ~= found[3] then return {0, ''} end
redis.call('DEL', KEYS[1])
return {left, left > 0 and found[4] or ''}
"""
)


@dataclass(frozen=True, slots=True)
class Lease:
    """A reservation that is lent out: how much it is, until when, and how the counter stood before it."""

    receipt: str
    units: int
    until: int
    usage: int
    limit: int | None
    resets_at: int | None


class Rest(NamedTuple):
    """Units of a lease, and how many it had left before they were taken."""

    lease: Lease
    units: int
    left: int


class Pool:
    """The leases of one account and mode; where Redis does not answer, there are none."""

    def __init__(self, url: str, scope: Scope) -> None:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._errors = (redis.RedisError, OSError)
        never = Retry(NoBackoff(), 0)
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT, retry=never, max_connections=1024
        )
        self._take, self._put, self._drain = map(self._redis.register_script, (_TAKE, _PUT, _DRAIN))
        self._prefix = f"billing:lease:{scope.account}:{int(scope.livemode)}"
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether Redis did not answer a moment ago."""
        return time.monotonic() < self._away_until

    def take(self, entity_id: str, name: str, units: int, least: int) -> Rest | None:
        """So many units of the lease that is there, or fewer, but at least so many."""
        found = self._asked(self._take, entity_id, name, units, least)
        return None if not found else Rest(_lease(found[2]), found[0], found[1])

    def put(self, entity_id: str, name: str, lease: Lease, left: int, seconds: int) -> list[Rest] | None:
        """Lend a lease out; what was left of the one before. None: Redis does not answer, and has it not."""
        values = left, lease.receipt, json.dumps(asdict(lease)), seconds + _MARGIN_SECONDS
        return _rests(self._asked(self._put, entity_id, name, *values))

    def drain(self, entity_id: str, name: str, receipt: str = "") -> list[Rest]:
        """Take everything that is left, of whatever lease or of this one: nobody gets any more of it."""
        return _rests(self._asked(self._drain, entity_id, name, receipt)) or []

    def close(self) -> None:
        """Let go of the connections."""
        self._redis.close()

    def _asked(self, script: Any, entity_id: str, name: str, *values: str | int) -> Any:
        """What a script answers; None if Redis does not."""
        if self.away:
            return None
        try:
            return script(keys=[f"{self._prefix}:{json.dumps([entity_id, name])}"], args=values)
        except self._errors as error:
            self._away_until = time.monotonic() + _PAUSE
            _log.warning("Redis does not answer (%s): decisions go to the store meanwhile.", type(error).__name__)
            return None


def _lease(text: bytes) -> Lease:
    return Lease(**json.loads(text))


def _rests(found: Any) -> list[Rest] | None:
    if found is None:
        return None
    left, lease = found
    return [Rest(_lease(lease), left, left)] if left else []
