"""What visitors of a page are told when something cannot be done."""

from __future__ import annotations


class RefusedError(ValueError):
    """One sentence for the visitor; nothing has changed."""


class UnknownPageError(RefusedError):
    """There is no such page."""
