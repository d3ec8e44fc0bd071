"""No secret in a report, wherever somebody wrote one. https://docs.stripe.com/keys"""

from __future__ import annotations

import re
from typing import TypeVar

from billing_review.texts import mapped

Value = TypeVar("Value")
_SECRET = re.compile(r"(?<![A-Za-z0-9])(sk|rk|whsec)_[A-Za-z0-9_]+")
HIDDEN = "[secret]"


def masked(value: Value) -> Value:
    """The same value, with every key and signing secret in its texts hidden."""
    hidden: Value = mapped(value, lambda text: _SECRET.sub(HIDDEN, text))
    return hidden


def hides(text: str) -> bool:
    """Whether something in the text is or was hidden."""
    return HIDDEN in text or _SECRET.search(text) is not None
