"""The root of all errors, which lets no secret through."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

#: How many faults or names one message lists.
SHOWN = 20

# Keys and signing secrets of Stripe, wherever they turn up.
_SECRET = re.compile(r"(?<![A-Za-z0-9])(?:(?:sk|rk|pk|ek)_(?:org_)?(?:test|live)|whsec)_[A-Za-z0-9_*.]+")


def without_secrets(text: str) -> str:
    """The text with every Stripe key and signing secret blotted out."""
    return _SECRET.sub("[hidden]", text)


class BillingError(Exception):
    """Something billing_runtime could not do."""

    def __init__(self, message: str) -> None:
        super().__init__(without_secrets(message))

    def __reduce__(self) -> tuple[Callable[..., BillingError], tuple[type[BillingError], str], dict[str, Any]]:
        """Errors travel between processes as message and attributes, whatever their constructors take."""
        return _revived, (type(self), str(self)), self.__dict__


def _revived(kind: type[BillingError], message: str) -> BillingError:
    error = kind.__new__(kind)
    error.args = (message,)
    return error
