"""What the console prints for engine events, as a text."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from rich.console import Console as Rich

from billing_cli.view import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.billing_cli.engine_events import Event


def rendered(events: Iterable[Event], title: str = "Updating (dev)", *, terminal: bool = False, **options: Any) -> str:
    """Print an operation; errors of the diff view come where they come in a terminal."""
    out = io.StringIO()
    rich = Rich(file=out, force_terminal=terminal, highlight=False, soft_wrap=True, width=200)
    with Console(title, rich=rich, errors=rich, **options) as console:
        for event in events:
            console.event(event)
    return out.getvalue()


def timeless(text: str) -> str:
    """Leave times out."""
    return re.sub(r"\b(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?s\b", "0s", text)
