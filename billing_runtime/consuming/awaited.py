"""Reservations whose ends are awaited: `async with billing.aio.reserve(...) as held: await held.commit(actual)`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping
    from types import TracebackType

    from billing_runtime.consuming.decision import Decision
    from billing_runtime.consuming.reservation import Reservation
    from billing_runtime.limits.counting import Amount

    Run = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class AioReservation:
    """What was reserved; truthy if it was allowed. As `Reservation`, with `async with` and awaited ends."""

    reservation: Reservation
    _run: Run = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.reservation)

    @property
    def decision(self) -> Decision:
        """What was decided."""
        return self.reservation.decision

    @property
    def receipt(self) -> str | None:
        """Its name, for a commit by another process."""
        return self.reservation.receipt

    @property
    def ended(self) -> bool:
        """Whether it was committed or released."""
        return self.reservation.ended

    async def commit(self, amount: Amount | Mapping[str, Amount] | None = None) -> Decision:
        """So much was used (None: all of it), also if it is more than was reserved; the rest is given back."""
        decision: Decision = await self._run(self.reservation.commit, amount)
        return decision

    async def release(self) -> bool:
        """Nothing was used."""
        released: bool = await self._run(self.reservation.release)
        return released

    async def __aenter__(self) -> Self:
        self.reservation.__enter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.ended:
            await self._run(self.reservation.__exit__, kind, error, trace)


class Reserving:
    """A reservation that is being made: await it, or enter it with `async with`."""

    def __init__(self, made: Awaitable[Reservation], run: Run) -> None:
        self._made, self._run = made, run

    def __await__(self) -> Generator[Any, Any, AioReservation]:
        return self._awaited().__await__()

    async def __aenter__(self) -> AioReservation:
        self._held = await self
        return await self._held.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.__aexit__(kind, error, trace)

    async def _awaited(self) -> AioReservation:
        return AioReservation(await self._made, self._run)
