"""What must not live on in a forked child: locks that a thread of the parent holds, and what is the parent's alone."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    """Something that begins anew in a child."""

    def after_fork(self) -> None:
        """Called in the child, before anything else uses it."""
        ...


_every: weakref.WeakSet[Forked] = weakref.WeakSet()


def in_children(thing: Forked) -> None:
    """Let it begin anew in every forked child, as long as it lives."""
    _every.add(thing)


def _after_fork() -> None:
    for thing in tuple(_every):
        thing.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
