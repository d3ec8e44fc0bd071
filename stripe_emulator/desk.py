"""The desk between the wire and the emulator: it can put a fresh emulator in the old one's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stripe_emulator.clock import Clock
from stripe_emulator.emulator import Emulator
from stripe_emulator.ids import Ids
from stripe_emulator.storage import Storage

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How an emulator begins."""

    data: Path | None = None
    clock: int | None = None
    deterministic_ids: bool = False


class Desk:
    """Holds one emulator."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._storage = Storage(settings.data)
        self.emulator = self._fresh()

    def reset(self) -> None:
        """Forget everything, the clock included."""
        self._storage.clear()
        self.emulator = self._fresh()

    def close(self) -> None:
        """Close the data file."""
        self._storage.close()

    def _fresh(self) -> Emulator:
        ids = Ids(deterministic=self._settings.deterministic_ids)
        return Emulator(self._storage, clock=Clock(self._settings.clock), ids=ids)
