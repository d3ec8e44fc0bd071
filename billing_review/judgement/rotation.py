"""The endpoints of one rotation: app, app~2, app~3, the oldest first."""

from __future__ import annotations


def family(key: str) -> str:
    """The name in the catalog that an endpoint is a copy of."""
    return key.partition("~")[0]


def place(key: str) -> int:
    """Which one of its family an endpoint is: 1 for app, 2 for app~2."""
    _, _, number = key.partition("~")
    return int(number) if number.isascii() and number.isdigit() else 1
