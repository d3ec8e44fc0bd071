"""Which limit holds for an entity: names, prefixes, defaults, and where a limit comes from."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, Self

from billing_runtime._near import unknown_name
from billing_runtime.catalog import Limit
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.costs import Costs, read_costs
from billing_runtime.limits.form import faults
from billing_runtime.marks import OURS, Prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from billing_runtime.held import Granted, HeldSubscription
    from billing_runtime.limits.counting import Amount
    from billing_runtime.manifest import Manifest
    from billing_runtime.subscription import SubscriptionItem

#: `LimitSource.terms_id` of what a default grants, and of what nothing grants.
DEFAULT, NOTHING = "default", "none"

#: More than a year: what was billed by the year may be asked about at its end.
KEEP = timedelta(days=400)

_RESERVED = "billing:"
_LONGEST = 39

_log = logging.getLogger("billing_runtime")
_told: set[str] = set()


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Limits for names that an entity's terms lack, and prefixes of limits and features in the metadata of prices.

    `defaults` are whole units from 0 on, "unlimited", or a Limit, by name. They complete the terms of a subscription
    that gives access, or of a free plan; who has neither has no limits at all. Prefixes other than `limits:` and
    `features:` are for prices that other tools have made: they are read beside those, which provisioning writes always.
    For `keep_decisions` a call can be repeated with its key, and what it took be given back.
    `costs` are what actions cost: `{"image": {"credits": 5}}` lets `consume("acme", "image", 2)` use 10 credits.
    With `tell_refusals` a use that is refused for want of units is told to `billing.on_threshold` as 100 percent, once
    in a window, if usage has not come to that before.

    Raises InvalidInput with every problem.
    """

    defaults: Mapping[str, Limit | int | Literal["unlimited"]] = field(default_factory=dict)
    limits_prefix: str = OURS.limits
    features_prefix: str = OURS.features
    keep_decisions: timedelta = KEEP
    costs: Mapping[str, Mapping[str, Amount]] = field(default_factory=dict)
    tell_refusals: bool = False
    prefixes: Prefixes = field(init=False, repr=False, compare=False)
    limits: Mapping[str, Limit] = field(init=False, repr=False, compare=False)
    prices: Costs = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = [*self._bad_prefixes()]
        if problems:
            raise InvalidInput("; ".join(problems) + ".")
        object.__setattr__(self, "prefixes", Prefixes(self.limits_prefix, self.features_prefix))
        limits: dict[str, Limit] = {}
        for name, given in self.defaults.items():
            limit = given if isinstance(given, Limit) else Limit(given)
            problems += [f"the default limit {name!r}: {fault}" for fault in faults(limit)]
            plain = self.plain(name)
            problems += [f"the default limit {plain!r} is given twice"] if plain in limits else []
            limits[plain] = limit
        object.__setattr__(self, "prices", read_costs(self.costs, self.plain, problems))
        problems += [
            f"the costs of {name!r}: it is a limit with a default, too" for name in self.prices if name in limits
        ]
        if problems:
            raise InvalidInput("; ".join(problems) + ".")
        object.__setattr__(self, "limits", limits)

    def plain(self, name: str) -> str:
        """The name of a limit without a prefix: `limits:ai_tokens` is `ai_tokens`."""
        return name.removeprefix(self.limits_prefix).removeprefix(OURS.limits)

    def fitting(self, manifest: Manifest) -> Self:
        """The same settings, whose meters and costs fit the manifest. Raises UnknownName and InvalidInput."""
        for limit in self.limits.values():
            if limit.meter is not None:
                manifest.meter(limit.meter)
        known = manifest.limit_names.union(self.limits)
        for action, costs in self.prices.items():
            if action in known:
                message = f"{action!r} is a limit of the manifest: an action that has a cost needs a name of its own."
                raise InvalidInput(message)
            for name, _ in costs:
                if name not in known:
                    kind = "limit"
                    raise unknown_name(kind, name, known)
        return self

    def _bad_prefixes(self) -> Iterator[str]:
        given = {"limits_prefix": self.limits_prefix, "features_prefix": self.features_prefix}
        for setting, prefix in given.items():
            if not isinstance(prefix, str) or not 0 < len(prefix) <= _LONGEST:
                yield f"{setting} must be a text of 1 to {_LONGEST} characters"
                return
        limits, features = given.values()
        apart = [(limits, features), (limits, OURS.features), (features, OURS.limits)]
        apart += [(limits, _RESERVED), (features, _RESERVED)]
        apart += [pair for pair in ((limits, OURS.limits), (features, OURS.features)) if len({*pair}) > 1]
        if any(one.startswith(other) or other.startswith(one) for one, other in apart):
            known = f"{OURS.limits!r}, {OURS.features!r} or {_RESERVED!r}"
            yield f"limits_prefix and features_prefix must not begin as each other, or as another of {known}"


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


def limits_in_force(held: HeldSubscription, settings: LimitSettings) -> Mapping[str, Limit]:
    """Every limit of an entity by its plain name, defaults included."""
    granted, defaults = held.granted, settings.limits
    if not defaults or not _completes(held, granted):
        return granted.limits
    missing = {name: _default(name, settings) for name in defaults if name not in granted.limits}
    return {**granted.limits, **missing} if missing else granted.limits


def _completes(held: HeldSubscription, granted: Granted) -> bool:
    """Whether there is something that defaults could complete: a subscription with access, or a free plan."""
    return granted is not held.free or granted.plan is not None


def _beyond(held: HeldSubscription, name: str, manifest: Manifest, settings: LimitSettings) -> LimitSource:
    """What holds for a name that the entity's terms lack."""
    granted = held.granted
    main = granted.main
    if name in settings.limits and _completes(held, granted):
        return LimitSource(_default(name, settings), main, DEFAULT, name)
    if not any(name in known for known in (manifest.limit_names, held.own.sources, settings.limits)):
        kind = "limit"
        raise unknown_name(kind, name, manifest.limit_names.union(held.own.sources, settings.limits))
    return LimitSource(None, main, NOTHING, name)


def _default(name: str, settings: LimitSettings) -> Limit:
    """The default of a name; that it was needed is logged once in the life of a process."""
    if name not in _told:
        _told.add(name)
        _log.warning("Terms of a customer have no limit %r: the default holds, here and wherever it is missing.", name)
    return settings.limits[name]
