"""Names of decisions that grow with time, so that new rows stand side by side on the disk."""

from __future__ import annotations

import itertools
import os

_number = itertools.count()
_chance = [""]


def _draw() -> None:
    _chance[0] = os.urandom(8).hex()


_draw()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_draw)  # a child counts on from where its parent was


def new_receipt(now: int, prefix: str = "use_") -> str:
    """A name nobody else makes: seconds, the process's own count, what the process drew by chance."""
    return f"{prefix}{now:010x}{next(_number) & 0xFFFFFF:06x}{_chance[0]}"


def first_receipt(now: int, prefix: str = "use_") -> str:
    """Before every name that is made from this second on, and after every earlier one."""
    return f"{prefix}{now:010x}"
