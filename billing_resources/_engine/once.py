"""An explanation that holds for many resources is given once; the others say only what happened to them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_resources.errors import BillingResourceError


class Once:
    """Remembers what one process has explained, over all of its threads."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._lock = threading.Lock()

    def text(self, error: BillingResourceError) -> str:
        """The whole sentence the first time, and then only the part that is about this resource."""
        with self._lock:
            known = error.advice in self._said
            self._said.add(error.advice)
        return error.brief if known else str(error)
