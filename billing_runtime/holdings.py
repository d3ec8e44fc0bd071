"""`billing.subscription(entity_id)`: the subscriptions of an entity, read from the cache and the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from billing_runtime.held import Granted, HeldSubscription, moments, read_payment_method
from billing_runtime.limits.terms import LimitSource
from billing_runtime.subscription import read_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from billing_runtime._cache import CachedSubscription
    from billing_runtime._cache.rows import Writes
    from billing_runtime._context import Context
    from billing_runtime.access import AccessPolicy
    from billing_runtime.catalog import Limit, Plan
    from billing_runtime.manifest import Manifest
    from billing_runtime.subscription import SubscriptionItem

Json = dict[str, Any]
_REMEMBERED = 16_384


class _Known(NamedTuple):
    """What was worked out for an entity, and from what; `one` is the subscription that counts, if it is always it."""

    cached: tuple[CachedSubscription, ...]
    kind: str | None
    all: tuple[HeldSubscription, ...]
    one: HeldSubscription | None


class Holdings:
    """What entities hold, without the network. Safe to share between threads."""

    def __init__(self, context: Context, policy: AccessPolicy) -> None:
        self._context, self._policy = context, policy
        self._manifest = context.manifest
        self._memo: dict[str, _Known] = {}

    def all(self, entity_id: str) -> tuple[HeldSubscription, ...]:
        """Every subscription the entity has or had, newest first."""
        return self._known(entity_id).all

    def of(self, entity_id: str) -> HeldSubscription:
        """The one that counts: with access before without, running before over, then by the plan's rank, then newest.

        Falsy, with status "none", if the entity has none. The same object as long as nothing has changed.
        """
        return _counting(self._known(entity_id))

    def at(self, entity_id: str, writes: Writes) -> tuple[HeldSubscription, datetime | None]:
        """The same for whoever has read how the entity stands; and until when it is so, if nothing is written."""
        known = self._of(entity_id, *self._context.cache.at(entity_id, writes))
        ends = [one.access.until for one in known.all]
        now = self._context.clock()
        return _counting(known), min((end for end in ends if end is not None and end > now), default=None)

    def _known(self, entity_id: str) -> _Known:
        return self._of(entity_id, *self._context.cache.standing(entity_id))

    def _of(self, entity_id: str, cached: tuple[CachedSubscription, ...], kind: str | None) -> _Known:
        manifest = self._context.manifest
        if self._manifest is not manifest or len(self._memo) > _REMEMBERED:
            self._manifest, self._memo = manifest, {}
        known = self._memo.get(entity_id)
        # The cache hands out the same tuple as long as nothing was written.
        if known is None or known.cached is not cached or known.kind != kind:
            known = self._memo[entity_id] = self._read(manifest, entity_id, cached, kind)
        return known

    def _read(
        self, manifest: Manifest, entity_id: str, cached: tuple[CachedSubscription, ...], kind: str | None
    ) -> _Known:
        plan = free_plan(manifest, kind)
        free = _of_plan(plan)
        if not cached:
            return _Known(cached, kind, (), HeldSubscription.none(entity_id, plan, free))
        found = tuple(self._read_one(manifest, one, free) for one in cached)
        return _Known(cached, kind, found, found[0] if len(found) == 1 else None)

    def _read_one(self, manifest: Manifest, cached: CachedSubscription, free: Granted) -> HeldSubscription:
        body = cached.body
        items = tuple(read_item(manifest, item, self._context.limits.prefixes) for item in body["items"])
        plan = _plan(manifest, items, body["items"])
        return HeldSubscription(
            entity_id=cached.entity_id,
            status=cached.status,
            id=cached.id,
            customer_id=cached.customer_id,
            plan=plan,
            items=items,
            cancel_at_period_end=bool(body.get("cancel_at_period_end")),
            collection_paused=body.get("pause_collection") is not None,
            change_pending=body.get("pending_update") is not None,
            payment_method=read_payment_method(body.get("payment_method")),
            own=granted(plan, items),
            free=free,
            policy=self._policy,
            clock=self._context.clock,
            **moments(body),
        )


def _counting(known: _Known) -> HeldSubscription:
    return max(known.all, key=_weight) if known.one is None else known.one


def _weight(one: HeldSubscription) -> tuple[bool, bool, int]:
    return bool(one), not one.over, one.plan.rank if one.plan else -1


def free_plan(manifest: Manifest, kind: str | None) -> Plan | None:
    """What an entity has without a subscription: the first free plan for its kind, if there is one."""
    return next((plan for plan in manifest.plans_for(kind) if plan.free), None)


def granted(plan: Plan | None, items: Sequence[SubscriptionItem]) -> Granted:
    """What the prices of a subscription grant; each carries its plan's limits already, a replaced one those of old.

    Where two items name the same limit the larger one holds: an add-on never takes away.
    """
    ours = [(item, item.terms) for item in items if item.terms]
    main = _main(plan, items)
    base = _of_plan(plan, main) if any(not terms.replaced for _, terms in ours) else Granted(plan=plan)
    features = dict(base.features)
    own: dict[str, LimitSource] = {}
    for item, terms in ours:
        features |= terms.features
        for name, limit in terms.limits.items():
            if name not in own or _size(limit) > _size(own[name].limit):
                own[name] = LimitSource(limit, item, terms.price_id, name)
    return _granted({**base.sources, **own}, features, plan, main)


def _size(limit: Limit | None) -> tuple[bool, int]:
    assert limit is not None  # noqa: S101 - a source that somebody names has one
    return (True, 0) if limit.included == "unlimited" else (False, limit.included)


def _of_plan(plan: Plan | None, main: SubscriptionItem | None = None) -> Granted:
    """What a plan says itself: of the free one everything, of one that is paid what its prices do not name."""
    if plan is None:
        return Granted()
    sources = {name: LimitSource(limit, main, f"plan:{plan.key}", name) for name, limit in plan.limits.items()}
    return _granted(sources, plan.features, plan, main)


def _granted(
    sources: Mapping[str, LimitSource], features: Mapping[str, str], plan: Plan | None, main: SubscriptionItem | None
) -> Granted:
    limits = {name: source.limit for name, source in sources.items() if source.limit is not None}
    return Granted(limits, features, sources, plan, main)


def _main(plan: Plan | None, items: Sequence[SubscriptionItem]) -> SubscriptionItem | None:
    """The item on the plan itself, else the first one."""
    of_plan = {price.key for price in plan.prices} if plan else set()
    return next((item for item in items if item.price in of_plan), items[0] if items else None)


def _plan(manifest: Manifest, items: tuple[SubscriptionItem, ...], bodies: list[Json]) -> Plan | None:
    """The highest plan that sells one of the prices, or whose product a replaced price belongs to."""
    keys = {item.price for item in items}
    products = {body["price"].get("product") for body in bodies} - {None}
    found = [
        plan
        for plan in manifest.plans.values()
        if keys & {price.key for price in plan.prices} or manifest.products[plan.product].id in products
    ]
    return max(found, key=lambda plan: plan.rank, default=None)
