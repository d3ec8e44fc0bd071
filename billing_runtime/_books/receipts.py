"""Names of decisions that grow with time, so that new rows stand side by side on the disk."""

from __future__ import annotations

import itertools
import os

_number = itertools.count()


def new_receipt(now: int, prefix: str = "use_") -> str:
    """A name nobody else makes: seconds, the process's own count, chance."""
    return f"{prefix}{now:010x}{next(_number) & 0xFFFFFF:06x}{os.urandom(8).hex()}"


def first_receipt(now: int, prefix: str = "use_") -> str:
    """Before every name that is made from this second on, and after every earlier one."""
    return f"{prefix}{now:010x}"
