"""What the runtime must remember between calls, and the one interface every backend has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from billing_runtime.errors import StoreError

if TYPE_CHECKING:
    from datetime import datetime

#: Where state is kept unless told otherwise: beside the program, in a folder that version control ignores.
DEFAULT = "sqlite:///.billing/runtime.db"


@dataclass(frozen=True, slots=True)
class Scope:
    """State of one account never mixes with another's, nor test mode with live mode."""

    account: str
    livemode: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one object at Stripe: the request to send and the key to send it under."""

    idempotency_key: str
    request: str
    claimed_at: datetime
    object_id: str | None = None


class Store(Protocol):
    """Storage of one or many processes. Every call is one transaction, on disk before it returns."""

    def customer_id(self, scope: Scope, entity_id: str) -> str | None:
        """The Stripe customer of the entity."""
        ...

    def bind_customer(self, scope: Scope, entity_id: str, *, kind: str, customer_id: str) -> None:
        """Remember the entity's Stripe customer; the first one stays."""
        ...

    def claim(self, scope: Scope, entity_id: str, subject: str, wanted: Claim) -> Claim:
        """The claim that holds: the wanted one, or the one somebody made before."""
        ...

    def settle(self, scope: Scope, entity_id: str, subject: str, claim: Claim, object_id: str) -> None:
        """Note that the claimed object was made; nothing happens if another claim holds by now."""
        ...

    def drop(self, scope: Scope, entity_id: str, subject: str, claim: Claim) -> None:
        """Give the claim up; nothing happens if another claim holds by now."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


def open_store(url: str) -> Store:
    """The store an address names, such as sqlite:///relative/path.db or sqlite:////absolute/path.db."""
    scheme, separator, path = url.partition(":///")
    if scheme != "sqlite" or not separator or path in {"", ":memory:"}:
        # The address is not repeated: it may hold a password.
        message = "The store address is not understood: use sqlite:///path/to/file.db."
        raise StoreError(message)
    from billing_runtime._store.sqlite import SqliteStore

    return SqliteStore(path)
