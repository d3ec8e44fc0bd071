"""The courier: sends what is ready from the server's loop, to every endpoint on its own, in order by default."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp

from stripe_emulator.accounts import scope_named
from stripe_emulator.delivery import parcel
from stripe_emulator.delivery.attempt import REFUSED, TIMED_OUT, Attempt, answered, post
from stripe_emulator.delivery.disturbances import Disturbance, Disturbances
from stripe_emulator.delivery.forwarding import ForwardTable
from stripe_emulator.delivery.lanes import Turns
from stripe_emulator.delivery.outcome import come_of, give_up

if TYPE_CHECKING:
    from stripe_emulator.delivery.outbox import Lane, Outbox
    from stripe_emulator.delivery.parcel import Parcel
    from stripe_emulator.emulator import Emulator
    from stripe_emulator.storage import Storage

_LOG = logging.getLogger(__name__)

PATIENCE = 20.0  # seconds that an endpoint has for its answer


class Courier:
    """Lives in one event loop, from `run` until that is cancelled."""

    def __init__(self, emulator: Callable[[], Emulator], forward: dict[str, str]) -> None:
        self._emulator = emulator  # a reset puts another one in its place
        self._usual = forward
        self.forward = ForwardTable(forward)
        self.disturbances = Disturbances()
        self.patience = PATIENCE
        self._turns = Turns()
        self._workers: dict[Lane, asyncio.Task[None]] = {}
        self._awake = asyncio.Event()
        self._moved = asyncio.Event()  # something was sent, or somebody has nothing to do any more
        self._flushing = 0

    async def run(self) -> None:
        """Send whatever becomes ready."""
        connector = aiohttp.TCPConnector(limit=0, force_close=True)  # a kept connection may be closed by its other end
        async with aiohttp.ClientSession(connector=connector) as session:
            self._outbox.on_ready = self._awake.set
            self._awake.set()  # what a restart has left
            try:
                while True:
                    await self._awake.wait()
                    self._awake.clear()
                    for lane in self._outbox.lanes.keys() - self._workers.keys():
                        self._employ(lane, asyncio.create_task(self._serve(session, lane)))
            finally:
                await self._dismiss()

    async def settled(self) -> None:
        """Return when nothing is in flight and nothing is ready; what waits for its moment goes on waiting."""
        self._flushing += 1  # no window of a shuffle waits for more
        self._awake.set()
        try:
            while self._outbox.lanes or self._workers:
                self._moved.clear()
                await self._moved.wait()
        finally:
            self._flushing -= 1

    def reset(self) -> None:
        """Drop what is in flight, and have the forward table of the beginning and no rules."""
        for worker in self._workers.values():
            worker.cancel()
        self._turns.clear()
        self.disturbances.clear()
        self.forward.replace(self._usual)
        self.patience = PATIENCE
        self._moved.set()

    def calm(self) -> None:
        """Forget the rules; what a shuffle held back is sent."""
        self.disturbances.clear()
        self._awake.set()

    @property
    def _outbox(self) -> Outbox:
        return self._emulator().storage.outbox

    async def _dismiss(self) -> None:
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def _employ(self, lane: Lane, worker: asyncio.Task[None]) -> None:
        self._workers[lane] = worker
        worker.add_done_callback(lambda _worker: self._leave(lane))  # also one that was cancelled before it began

    def _leave(self, lane: Lane) -> None:
        del self._workers[lane]
        self._moved.set()
        if self._next(lane) is not None:
            self._awake.set()

    async def _serve(self, session: aiohttp.ClientSession, lane: Lane) -> None:
        while (identifier := self._next(lane)) is not None:
            await self._deliver(session, lane[0], identifier)
            self._moved.set()
            await asyncio.sleep(0)  # others have their turn, even where nothing is sent

    def _next(self, lane: Lane) -> str | None:
        return self._turns.next(self._outbox, lane, self.disturbances.shuffle, all_are_here=self._flushing > 0)

    async def _deliver(self, session: aiohttp.ClientSession, scope: str, identifier: str) -> None:
        try:
            await self._try(session, scope, identifier)
        except Exception:  # noqa: BLE001 - a bug of ours must not stop the other deliveries
            _LOG.exception("delivery %s failed inside the emulator", identifier)
            give_up(self._emulator(), scope_named(scope), identifier)

    async def _try(self, session: aiohttp.ClientSession, scope: str, identifier: str) -> None:
        emulator, generation = self._emulator(), self._outbox.generation
        packed = parcel.pack(emulator, scope_named(scope), identifier, self.forward)
        if packed is None:
            return
        rule = self.disturbances.take(packed.delivery)
        if rule is not None and rule.kind in ("drop", "delay"):
            parcel.lay_aside(emulator, packed, rule)
            return
        await _kept(emulator.storage)  # nobody hears of what a killed emulator would not remember
        attempts = [await self._send(session, packed, rule)]
        while rule is not None and rule.kind == "duplicate" and len(attempts) < rule.times:
            attempts.append(await self._send(session, packed, rule))
        if self._outbox.generation == generation:  # what began before a reset does not reach into the state after it
            come_of(emulator, packed.scope, identifier, attempts)

    async def _send(self, session: aiohttp.ClientSession, packed: Parcel, rule: Disturbance | None) -> Attempt:
        at = self._emulator().clock.now()
        if rule is not None and (pretended := _pretended(rule, at)) is not None:
            return pretended
        headers = packed.headers(int(time.time()))  # signatures are checked against the receiver's own clock
        try:
            async with asyncio.timeout(self.patience):
                attempt = await post(session, packed.address, packed.body, headers, at)
        except TimeoutError:
            attempt = Attempt(at, error=TIMED_OUT)
        return Attempt(at, error=TIMED_OUT) if rule is not None and rule.kind == "lose_answer" else attempt


async def _kept(storage: Storage) -> None:
    written = asyncio.Event()
    storage.when_kept(lambda _is_kept: written.set())
    await written.wait()


def _pretended(rule: Disturbance, at: int) -> Attempt | None:
    """Return what comes of an attempt that the endpoint never hears of."""
    if rule.kind == "status":
        return answered(at, rule.status)
    errors = {"timeout": TIMED_OUT, "refuse": REFUSED}
    return Attempt(at, error=errors[rule.kind]) if rule.kind in errors else None
