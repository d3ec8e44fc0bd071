"""What every part of one opened Billing shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_runtime._cache import Cache
    from billing_runtime._creation import Creations
    from billing_runtime._locks import KeyedLocks
    from billing_runtime._store import Scope, Store
    from billing_runtime._store.entities import Entities
    from billing_runtime._stripe import StripeApi
    from billing_runtime.clock import Clock
    from billing_runtime.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Context:
    """One account, one mode, one manifest, one store."""

    manifest: Manifest
    api: StripeApi
    store: Store
    scope: Scope
    clock: Clock
    locks: KeyedLocks
    creations: Creations
    entities: Entities
    cache: Cache
