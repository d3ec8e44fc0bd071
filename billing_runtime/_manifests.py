"""The manifest in force: read again when its file changes, and kept when what is there is of no use."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from billing_runtime._versions import refuse_unreadable
from billing_runtime.errors import BillingError, ManifestError, WrongStack

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime.manifest import Manifest

    Load = Callable[[Path | None], tuple[Manifest, object]]
    Fingerprint = tuple[int, int, int]

_log = logging.getLogger("billing_runtime")


class Manifests:
    """One stack's manifest over time. Safe to share between threads.

    A file is looked at before each use (one `stat`), and read when it is another one than before. A new manifest that
    is broken, or of another stack, account or mode, is not taken: the one before stays, and `problem` says why.

    `load` is called with None first, then with the file that it came from, if it came from one.
    """

    def __init__(self, load: Load) -> None:
        self._load, self._lock = load, threading.Lock()
        self.problem: str | None = None
        self._path: Path | None = None
        self._seen: Fingerprint | None = None
        self.first = self._current = self._first()

    @property
    def current(self) -> Manifest:
        """The newest manifest that could be used."""
        if self._path is not None and _fingerprint(self._path) not in {None, self._seen}:
            with self._lock:
                # Somebody else may have read it while this thread waited.
                if _fingerprint(self._path) not in {None, self._seen}:
                    self._take_new()
        return self._current

    def reload(self) -> Manifest:
        """Read the manifest again now, wherever it comes from; raises what is wrong with it, and keeps the old one."""
        with self._lock:
            self._current = self._read()
            self.problem = None
        return self._current

    @property
    def where(self) -> str:
        """Where the manifest comes from."""
        return self._where

    def _first(self) -> Manifest:
        manifest, where = self._load(None)
        refuse_unreadable(manifest.webhook_endpoints.values())
        self._where = str(where)
        if isinstance(where, Path):
            self._path = where.absolute()
            # Not the fingerprint from before the reading: if it changed meanwhile, it is read once more.
            self._seen = None
        return manifest

    def _take_new(self) -> None:
        try:
            self._current = self._read()
            self.problem = None
        except BillingError as error:
            self.problem = str(error)
            _log.warning("The manifest has changed and is not taken, the one before stays: %s", error)

    def _read(self) -> Manifest:
        # Taken before the reading, so that a change in the middle of it is a change again next time.
        if self._path is not None:
            self._seen = _fingerprint(self._path)
        manifest, where = self._load(self._path)
        self._refuse_other(manifest, where)
        refuse_unreadable(manifest.webhook_endpoints.values())
        return manifest

    def _refuse_other(self, new: Manifest, where: object) -> None:
        old = self._current
        if new.owner != old.owner:
            raise WrongStack.of(asked=old.stack, found=new.stack, where=where)
        if (new.account, new.livemode) != (old.account, old.livemode):
            message = f"The manifest in {where} is of another account or mode now: open it with Billing.open anew."
            raise ManifestError(message)


def _fingerprint(path: Path) -> Fingerprint | None:
    try:
        found = path.stat()
    except OSError:
        return None  # between two files, or gone: the manifest that was read still holds
    return found.st_mtime_ns, found.st_size, found.st_ino
