"""Counts of the last minutes, kept in files: a review that is run again asks again only what it did not know.

There are no names of customers in them, only numbers; nobody but the user can read them.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from billing_review.report import Affected

VERSION = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A count, and how old it is in seconds."""

    affected: Affected
    age: float


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of counts, one file for each set of prices of an account."""

    folder: Path
    lifetime: float = 300.0
    """Seconds for which a count is good enough."""

    def get(self, account: str, prices: Iterable[str], now: float) -> Kept | None:
        """The count of these prices, if there is a complete one that is young enough."""
        try:
            kept = json.loads(self._file(account, prices).read_text(encoding="utf-8"))
            age = now - float(kept["counted_at"])
            if kept["version"] != VERSION or not 0 <= age < self.lifetime:
                return None
            return Kept(Affected(**kept["affected"]), age)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # what cannot be read is counted anew

    def put(self, account: str, prices: Iterable[str], affected: Affected, now: float) -> None:
        """Keep a complete count; where nothing can be written nothing is kept."""
        if not affected.complete:
            return
        document = {"version": VERSION, "counted_at": now, "affected": asdict(affected)}
        with suppress(OSError):
            self._write(self._file(account, prices), document)

    def _file(self, account: str, prices: Iterable[str]) -> Path:
        name = hashlib.sha256("\n".join([account, *sorted(prices)]).encode()).hexdigest()[:32]
        return self.folder / f"{name}.json"

    def _write(self, target: Path, document: dict[str, Any]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")  # only the user can read it
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file)
        Path(name).replace(target)
