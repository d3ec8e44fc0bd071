"""Ids in Stripe's shape: random by default, counted on request so that two runs can be compared."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripe_emulator.storage import Transaction

_ALPHABET = (string.ascii_letters + string.digits).encode()
_CHARACTERS = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))


def random_id(prefix: str, length: int = 24) -> str:
    """Return an id nobody has seen before."""
    return f"{prefix}_{secrets.token_bytes(length).translate(_CHARACTERS).decode()}"


class Ids:
    """Makes ids; the counters are kept with the data, so a restart goes on where it stopped."""

    def __init__(self, *, deterministic: bool) -> None:
        self._deterministic = deterministic

    def new(self, prefix: str, transaction: Transaction) -> str:
        """Return the next id with this prefix."""
        if not self._deterministic:
            return random_id(prefix)
        return f"{prefix}_{transaction.count(prefix):06d}"

    def new_code(self, prefix: str, transaction: Transaction) -> str:
        """Return eight capital letters and digits, as coupons and promotion codes have when none were chosen."""
        if not self._deterministic:
            return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(8))
        return f"{prefix.upper()[:4]}{transaction.count(f'{prefix}_code'):04d}"
