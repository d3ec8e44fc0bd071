"""What an engine does, shown to people: one view for both engines, since both tell it by the same events."""

from __future__ import annotations

from billing_cli.view.console import Console

__all__ = ["Console"]
