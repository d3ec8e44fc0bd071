"""Who is at work on what: a name that one holder has until it lets go, or until its time is up."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime.clock import to_unix

if TYPE_CHECKING:
    from billing_runtime._store import Scope, Store
    from billing_runtime.clock import Clock

#: Longer than any call to Stripe with all its repetitions. Whoever is killed is waited for so long, and no longer.
LENGTH = timedelta(minutes=5)


def _me() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{threading.get_ident()}/{uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Leases:
    """Leases of one account and mode, taken under this holder's name; every thread needs a holder of its own.

    Nothing may depend on a lease for being right, for clocks differ and a holder may sleep: what is written under one
    has to be harmless when it is written twice.
    """

    store: Store
    scope: Scope
    clock: Clock
    holder: str = field(default_factory=_me)

    def take(self, name: str, length: timedelta = LENGTH) -> bool:
        """Begin, unless somebody else is at it; the holder's own lease is made longer."""
        now = self.clock()
        until = to_unix("until", now + length)
        with self.store.transaction(self.scope) as change:
            return bool(
                change.run("take_lease", name=name, holder=self.holder, until=until, now=to_unix("clock()", now))
            )

    def end(self, name: str) -> None:
        """Let others go on."""
        with self.store.transaction(self.scope) as change:
            change.run("end_lease", name=name, holder=self.holder)
