"""Whose an existing object is, and what a create does about it: pure, over the prefetched pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_resources._engine.diff import immutable_differences
from billing_resources._engine.marks import Owner
from billing_resources._engine.observe import as_outputs
from billing_resources.errors import OwnershipError

if TYPE_CHECKING:
    from billing_resources._engine.extra import Object
    from billing_resources._engine.kind import Kind
    from billing_resources._engine.target import Target


@dataclass(frozen=True)
class Settlement:
    """An object to take instead of creating one; ``refusal`` holds unless Stripe proves the object ours by a replay."""

    take: Object | None = None
    refusal: OwnershipError | None = None


def settle(objects: Iterable[Object], target: Target, args: Mapping[str, Any], replaced: str | None) -> Settlement:
    """Take what is ours from a run that died, refuse what is somebody else's, create the rest."""
    others = [one for one in objects if one["id"] != replaced]
    mine = [one for one in others if _survived(one, target, args)]
    if mine:
        return Settlement(take=mine[0])
    for name in target.kind.stripe.unique:
        holder = _holder(target.kind, others, name, args.get(name))
        if holder is not None:
            return _claim(holder, f"{name} {args[name]}", target, args)
    return _adopted(others, target) if args.get("adopt") else Settlement()


def _adopted(objects: list[Object], target: Target) -> Settlement:
    """The object that is adopted without a name: the one that shows what the kind says."""
    shown, noun = target.kind.stripe.adopts, target.kind.stripe.noun
    for one in objects if shown else ():
        if shown.items() <= one.items():
            owner = Owner.of(one)
            if owner is not None and owner != target.owner:
                raise OwnershipError.taken(f"the {noun} {one['id']}", one["id"], str(owner))
            return Settlement(take=one)
    return Settlement()


def refuse_taken(objects: Iterable[Object], target: Target, args: Mapping[str, Any], object_id: str) -> None:
    """Refuse an update that would take a unique value from an object of somebody else."""
    others = [one for one in objects if one["id"] != object_id]
    for name in target.kind.stripe.unique:
        holder = _holder(target.kind, others, name, args.get(name))
        if holder is not None:
            _claim(holder, f"{name} {args[name]}", target, args)


def _survived(one: Object, target: Target, args: Mapping[str, Any]) -> bool:
    return Owner.of(one) == target.owner and target.kind.is_alive(one) and not _differences(one, target, args)


def _differences(one: Object, target: Target, args: Mapping[str, Any]) -> list[str]:
    return immutable_differences(target.kind, as_outputs(target.kind, one, "") | {"id": one["id"]}, args)


def _holder(kind: Kind, objects: list[Object], name: str, value: Any) -> Object | None:
    """Who holds a unique value: an active object before an inactive one."""
    if value is None:
        return None
    wanted = kind.held(name, value)
    holders = [one for one in objects if kind.held(name, kind.stripe.seen(one).get(name)) == wanted]
    if name in kind.stripe.vacates:
        holders = [one for one in holders if kind.is_alive(one)]
    return min(holders, key=lambda one: one.get("active") is False or one.get("status") == "inactive", default=None)


def _claim(holder: Object, what: str, target: Target, args: Mapping[str, Any]) -> Settlement:
    owner, kind = Owner.of(holder), target.kind
    movable = kind.stripe.movable
    if owner is not None and owner.stack != target.stack:
        raise OwnershipError.taken(what, holder["id"], str(owner))
    if owner is not None:
        return Settlement() if movable else _taken_here(holder, what, owner, target, args)
    if not kind.is_alive(holder):
        return Settlement() if movable else _revived(holder, what, target, args)
    if args.get("adopt"):
        return _revived(holder, what, target, args)
    refusal = OwnershipError.unowned(what, holder["id"], kind.token, target.key)
    if kind.stripe.has_metadata:
        raise refusal
    return Settlement(refusal=refusal)


def _taken_here(holder: Object, what: str, owner: Owner, target: Target, args: Mapping[str, Any]) -> Settlement:
    if owner == target.owner:
        return _revived(holder, what, target, args)
    raise OwnershipError.taken(what, holder["id"], str(owner))


def _revived(holder: Object, what: str, target: Target, args: Mapping[str, Any]) -> Settlement:
    fields = _differences(holder, target, args)
    if fields:
        raise OwnershipError.differs(what, holder["id"], fields)
    return Settlement(take=holder)
