"""What every part of one opened Billing shares, put together from what the application has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime._cache import Cache
from billing_runtime._context import Context
from billing_runtime._creation import Creations
from billing_runtime._inbox.hooks import Hooks
from billing_runtime._locks import KeyedLocks
from billing_runtime._outbox.settings import Reporting
from billing_runtime._settings import settle
from billing_runtime._store import Scope, open_store
from billing_runtime._store.entities import Claims, Entities
from billing_runtime._stripe import Retries, StripeApi
from billing_runtime._worker.chores import Chores
from billing_runtime.checkout.settings import CheckoutSettings
from billing_runtime.consuming.failure import FailureSettings
from billing_runtime.credits.settings import CreditSettings
from billing_runtime.limits.terms import LimitSettings
from billing_runtime.permissions import Permissions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from billing_runtime._manifests import Manifests
    from billing_runtime._store import Store
    from billing_runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Chosen:
    """The application's settings; None is what holds where nothing was chosen."""

    permissions: Permissions | None
    checkout: CheckoutSettings | None
    limits: LimitSettings | None
    reporting: Reporting | None
    credits: CreditSettings | None
    failure: FailureSettings | None


@dataclass(frozen=True, slots=True)
class Connection:
    """How Stripe and the store are reached, and what time it is."""

    store: str | Store
    api_key: str | None
    api_base: str | None
    environ: Mapping[str, str]
    retries: Retries | None
    clock: Clock
    stale: timedelta


def opened(manifests: Manifests, to: Connection, chosen: Chosen) -> Context:
    """One account, one mode, one stack's manifest, one store. Raises what does not fit, before any request."""
    found, clock = manifests.first, to.clock
    settings = settle(found, to.api_key, to.api_base, to.environ)
    limits = (chosen.limits or LimitSettings()).fitting(found)
    credits_ = (chosen.credits or CreditSettings()).fitting(found, limits)
    scope = Scope(settings.account, settings.livemode)
    api = StripeApi(settings, retries=to.retries, now=lambda: clock().timestamp())
    store, locks = open_store(to.store) if isinstance(to.store, str) else to.store, KeyedLocks()
    return Context(
        manifests,
        api,
        store,
        scope,
        clock,
        locks,
        Creations(Claims(store, scope), clock),
        Entities(store, scope),
        Cache(api, store, scope, clock=clock, locks=locks, owner=found.owner, stale=to.stale),
        chosen.permissions or Permissions(),
        chosen.checkout or CheckoutSettings(),
        Hooks(),
        Chores(store, scope, clock),
        limits,
        chosen.reporting or Reporting(),
        credits_,
        chosen.failure or FailureSettings(),
    )
