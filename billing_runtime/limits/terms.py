"""Which limit holds for an entity: names, prefixes, defaults, and where a limit comes from."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from billing_runtime._near import unknown_name
from billing_runtime.catalog import Limit
from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.held import HeldSubscription
    from billing_runtime.manifest import Manifest
    from billing_runtime.subscription import SubscriptionItem

#: The prefixes that provisioning writes.
LIMITS, FEATURES = "limits:", "features:"

#: `LimitSource.terms_id` of what a default grants, and of what nothing grants.
DEFAULT, NOTHING = "default", "none"

_log = logging.getLogger("billing_runtime")
_told: set[str] = set()


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Limits for names that an entity's terms lack, and the prefixes of limits and features in Stripe's metadata.

    `defaults` are whole units, "unlimited", or a Limit. They complete the terms of a subscription that gives access or
    of a free plan; who has neither has no limits at all. Prefixes other than `limits:` and `features:` are for prices
    that other tools have made. Raises InvalidInput.
    """

    defaults: Mapping[str, Limit | int | Literal["unlimited"]] = field(default_factory=dict)
    limits_prefix: str = LIMITS
    features_prefix: str = FEATURES
    sources: Mapping[str, LimitSource] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sources = {}
        for name, given in self.defaults.items():
            plain = self.plain(name)
            sources[plain] = LimitSource(_default(name, given), None, DEFAULT, plain)
        object.__setattr__(self, "sources", sources)

    def plain(self, name: str) -> str:
        """The name of a limit without a prefix: `limits:ai_tokens` is `ai_tokens`."""
        return name.removeprefix(self.limits_prefix).removeprefix(LIMITS)


@dataclass(frozen=True, slots=True)
class LimitSource:
    """A limit and where it comes from. `name` is the limit's name without a prefix.

    `limit` is None for a name that somebody else's terms have and the entity's do not. `item` is the one whose billing
    period is the window of a limit per period; None for a free plan. `terms_id` is the id of the price, `plan:<key>`,
    `default`, or `none`: another one means that the plan has changed.
    """

    limit: Limit | None
    item: SubscriptionItem | None
    terms_id: str
    name: str


def source_of(held: HeldSubscription, name: str) -> LimitSource | None:
    """Where the entity's own terms have a limit of this plain name from; None if they have none."""
    return held.granted.sources.get(name)


def resolve(held: HeldSubscription, name: str, manifest: Manifest, settings: LimitSettings) -> LimitSource:
    """The limit that holds for an entity now, and where it comes from; the name may have a prefix.

    Raises UnknownName for a name that is in no plan, price, terms of the entity's own or default.
    """
    granted = held.granted
    found = granted.sources.get(name)
    if found is not None:
        return found
    plain = settings.plain(name)
    return granted.sources.get(plain) or _beyond(held, plain, manifest, settings)


def _beyond(held: HeldSubscription, name: str, manifest: Manifest, settings: LimitSettings) -> LimitSource:
    """What holds for a name that the entity's terms lack."""
    granted, default = held.granted, settings.sources.get(name)
    has_terms = bool(held) or granted.plan is not None
    if default is not None and has_terms:
        _tell(name)
        return LimitSource(default.limit, granted.main, DEFAULT, name)
    known = limit_names(manifest) | set(held.own.sources) | set(settings.sources)
    if name not in known:
        kind = "limit"
        raise unknown_name(kind, name, known)
    return LimitSource(None, granted.main, NOTHING, name)


def limit_names(manifest: Manifest) -> set[str]:
    """The name of every limit of every plan and price."""
    of_plans = {name for plan in manifest.plans.values() for name in plan.limits}
    return of_plans.union(*(price.limits for price in manifest.prices.values()))


def _tell(name: str) -> None:
    if name not in _told:
        _told.add(name)
        _log.warning("The terms of a customer have no limit %r: the default holds.", name)


def _default(name: str, given: Limit | int | Literal["unlimited"]) -> Limit:
    if isinstance(given, Limit):
        return given
    if given == "unlimited" or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return Limit(given)
    message = f"The default limit {name!r} is a whole number from 0 on, 'unlimited' or a Limit."
    raise InvalidInput(message)
