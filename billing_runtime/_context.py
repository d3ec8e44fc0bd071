"""What every part of one opened Billing shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billing_runtime._outbox.settings import Reporting
from billing_runtime.consuming.failure import FailureSettings
from billing_runtime.credits.settings import CreditSettings
from billing_runtime.limits.terms import LimitSettings

if TYPE_CHECKING:
    from billing_runtime._cache import Cache
    from billing_runtime._creation import Creations
    from billing_runtime._inbox.hooks import Hooks
    from billing_runtime._locks import KeyedLocks
    from billing_runtime._manifests import Manifests
    from billing_runtime._store import Scope, Store
    from billing_runtime._store.entities import Entities
    from billing_runtime._stripe import StripeApi
    from billing_runtime._worker.chores import Chores
    from billing_runtime.checkout.settings import CheckoutSettings
    from billing_runtime.clock import Clock
    from billing_runtime.manifest import Manifest
    from billing_runtime.permissions import Permissions


@dataclass(frozen=True, slots=True)
class Context:
    """One account, one mode, one stack's manifest, one store."""

    manifests: Manifests
    api: StripeApi
    store: Store
    scope: Scope
    clock: Clock
    locks: KeyedLocks
    creations: Creations
    entities: Entities
    cache: Cache
    permissions: Permissions
    checkout: CheckoutSettings
    hooks: Hooks
    chores: Chores
    limits: LimitSettings = field(default_factory=LimitSettings)
    reporting: Reporting = field(default_factory=Reporting)
    credits: CreditSettings = field(default_factory=CreditSettings)
    failure: FailureSettings = field(default_factory=FailureSettings)

    @property
    def manifest(self) -> Manifest:
        """The manifest in force: the newest that its source had."""
        return self.manifests.current
