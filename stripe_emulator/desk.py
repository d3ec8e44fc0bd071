"""The desk between the wire and the emulator: log, faults, and the power to begin anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stripe_emulator.clock import Clock
from stripe_emulator.data_file import Kept, Soon
from stripe_emulator.delivery.courier import Courier
from stripe_emulator.emulator import Emulator
from stripe_emulator.faults import Faults
from stripe_emulator.hosted import Hosted
from stripe_emulator.ids import Ids
from stripe_emulator.limits import Limit, Limits
from stripe_emulator.recording import Recorder, folder_of_environment
from stripe_emulator.request_log import RequestLog
from stripe_emulator.storage import Storage
from stripe_emulator.upgrade import upgrade

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How an emulator begins."""

    data: Path | None = None
    clock: int | None = None
    deterministic_ids: bool = False
    record: Path | None = field(default_factory=folder_of_environment)
    stripe_urls: bool = False  # links to hosted pages look like Stripe's, and do not lead to the emulator
    limit: Limit = field(default_factory=Limit)
    forward: dict[str, str] = field(default_factory=dict)  # from public addresses to those that are really called


class Desk:
    """Holds one emulator at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hosted = Hosted()
        self.recorder = None if settings.record is None else Recorder(settings.record)
        self._storage = Storage(settings.data)
        self.log = RequestLog()
        self.faults = Faults()
        self.limits = Limits()
        self.limits.set(settings.limit)
        self.courier = Courier(lambda: self.emulator, settings.forward)
        self.emulator = self._fresh(self._kept_clock() if settings.clock is None else settings.clock)
        if self._storage.is_older():
            upgrade(self.emulator)
            self._storage.mark()

    def found_at(self, url: str) -> None:
        """Take over the address under which the emulator listens: that is where its pages are."""
        if not self._settings.stripe_urls:
            self._hosted = self.emulator.hosted = Hosted(url)

    def write_with(self, soon: Soon) -> None:
        """Write to disk by turns: what changed in one turn of the loop is kept with one write."""
        self._storage.write_with(soon)

    def when_kept(self, tell: Kept) -> None:
        """Call back as soon as everything that changed so far is on disk; with False if it cannot be written."""
        self._storage.when_kept(tell)

    def set_clock(self, moment: int | None) -> None:
        """Let the emulator's time stand still at a moment, or run with the real one again."""
        self.emulator.clock.frozen = moment
        self._storage.apply({("", "clock", "now"): {"frozen": moment}})
        self.emulator.catch_up()

    async def pass_time(self, moment: int | None) -> None:
        """Set the clock as if somebody had watched: every retry on the way is made at its own time."""
        outbox = self._storage.outbox
        while moment is not None and (at := outbox.next_moment()) is not None and self._is_ahead(at, moment):
            self.set_clock(at)
            await self.courier.settled()
        self.set_clock(moment)

    def _is_ahead(self, at: int, moment: int) -> bool:
        return self.emulator.clock.now() < at <= moment

    def reset(self) -> None:
        """Forget everything: objects, keys, requests, faults, deliveries, and the clock that was set."""
        self.faults.clear()
        self.limits.set(self._settings.limit)
        self.courier.reset()
        self.log.clear()
        self._storage.clear()
        self.emulator = self._fresh(self._settings.clock)

    def snapshot(self) -> list[list[Any]]:
        """Return everything that is kept: objects, idempotency keys, counters, and the clock if it was set."""
        return self._storage.dump()

    def restore(self, documents: list[list[Any]]) -> None:
        """Begin anew from a snapshot."""
        changes = {(scope, kind, identifier): body for scope, kind, identifier, body in documents}
        self.reset()
        self._storage.apply(changes)
        self.emulator.clock.frozen = self._kept_clock()
        upgrade(self.emulator)

    def close(self) -> None:
        """Close the data file."""
        self.faults.clear()
        self._storage.close()

    def _kept_clock(self) -> int | None:
        frozen: int | None = self._storage.table("", "clock").get("now", {"frozen": None})["frozen"]
        return frozen

    def _fresh(self, clock: int | None) -> Emulator:
        ids = Ids(deterministic=self._settings.deterministic_ids)
        return Emulator(self._storage, clock=Clock(clock), ids=ids, hosted=self._hosted)
