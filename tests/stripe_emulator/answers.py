"""What the emulator answered, as it stood on the wire."""

from __future__ import annotations

import json
from typing import Any


def body(answer: Any, /) -> dict[str, Any]:
    """Return the body of the answer that an object of the official client came in."""
    return dict(json.loads(answer.last_response.body))
