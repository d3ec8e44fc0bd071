"""Create, update, read and delete, for every kind the same; what a kind needs more of stands in its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.adoption import refuse_taken
from billing_resources._engine.answers import parent_of
from billing_resources._engine.canonical import whole
from billing_resources._engine.creation import make, marks_on
from billing_resources._engine.destruction import refuse_on_live_stack
from billing_resources._engine.diff import changed_fields
from billing_resources._engine.facts import UpdateOnly
from billing_resources._engine.marks import Owner
from billing_resources._engine.observe import as_outputs, observed, outputs, refreshed, whose
from billing_resources._engine.params import marks_of, update_bodies
from billing_resources.errors import BillingResourceError, OwnershipError, StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.extra import Object
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target


class HalfDone(BillingResourceError):  # noqa: N818 - reads as what happened
    """The object was made, but a further request for it failed; its id must not get lost."""

    def __init__(self, reason: BillingResourceError, object_id: str, made: Mapping[str, Any]) -> None:
        self.object_id, self.outputs = object_id, made
        super().__init__(reason.brief, reason.advice)


def create(session: Session, target: Target, props: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Make the object, or take the one that a run which died has left; answers its id and outputs.

    Raises DestructionRefused, OwnershipError, ReplacementRefused, SettingsError or StripeRefused; HalfDone when the
    object was made.
    """
    replaced = session.replaced.get(target.urn)
    if replaced is not None:
        refuse_on_live_stack(session.settings, f"replace {target} ({replaced})", session.before[target.urn])
    account, kind, args = session.account(), target.kind, whole(props)
    kind.stripe.extra.before_create(session, target, args, replaced)
    found, is_new = make(session, target, args, replaced)
    session.made[target.urn] = found["id"]
    known = as_outputs(kind, found, account)
    try:
        if not is_new:
            return found["id"], update(session, target, found["id"], known, args)
        return found["id"], outputs(kind, _complete(session, target, found, args, replaced), args, {}, account)
    except BillingResourceError as error:
        raise HalfDone(error, found["id"], known) from None


def _complete(session: Session, target: Target, found: Object, args: Mapping[str, Any], replaced: str | None) -> Object:
    kind = target.kind
    later = {field.name: args[field.name] for field in kind.sent if field.has(UpdateOnly) and args.get(field.name)}
    if later:
        found = {**found, **session.update(kind, f"update {target}", found["id"], later)}
    return kind.stripe.extra.after_create(session, target, found, args, replaced)


def update(
    session: Session, target: Target, object_id: str, olds: Mapping[str, Any], props: Mapping[str, Any]
) -> dict[str, Any]:
    """Bring the object to the new inputs: one request, or more where Stripe needs them; answers the outputs."""
    session.same_account(olds)
    kind, args, before = target.kind, whole(props), whole(olds)
    changed = changed_fields(kind, before, args)
    if changed & set(kind.stripe.unique):
        refuse_taken(session.known(kind, target.parent(args)).values(), target, args, object_id)
    kind.stripe.extra.before_update(session, target, args)
    try:
        found = _change(session, target, object_id, before, args, changed)
    except StripeRefused as error:
        if error.is_gone:
            raise gone(target, object_id) from None
        raise
    kind.stripe.extra.after_update(session, target, found, before, args)
    return outputs(kind, found, args, before, session.account())


def gone(target: Target, object_id: str) -> StripeRefused:
    """The object was removed at Stripe behind the state's back."""
    return StripeRefused(
        f"could not update {target}: {object_id} is gone at Stripe; `pulumi refresh`, then `pulumi up` makes it anew",
        status=404,
    )


def _change(
    session: Session,
    target: Target,
    object_id: str,
    olds: Mapping[str, Any],
    args: Mapping[str, Any],
    changed: set[str],
) -> Object:
    kind = target.kind
    found: Object = {**olds, "id": object_id}
    verb = kind.stripe.status_verbs.get(str(args.get("status") or kind.first_status))
    if verb is not None and "status" in changed:
        found |= session.act(kind, verb, object_id)
    marks = marks_of(kind, args, target.owner) if olds.get("_stack") else marks_on(session, target, args)
    for params in update_bodies(kind, olds, args, changed, marks):
        found |= session.update(kind, f"update {target}", object_id, params)
    return found


def read(
    session: Session, target: Target, object_id: str, olds: Mapping[str, Any], inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The object as it is now, as ``(inputs, outputs)``, or None when it is gone.

    Without inputs and old outputs it is an import: every field that Stripe shows becomes an input, and nothing is
    written; an object with another stack's mark is refused.
    """
    session.same_account(olds)
    kind = target.kind
    found = session.pages(kind, parent_of(kind, object_id)).get(object_id) or session.retrieve(kind, object_id)
    if found is None:
        return None
    elsewhere = kind.stripe.extra.seen(session, found)
    known = whole(inputs or {name: olds[name] for name in olds if name in kind.shape.by_name or name.startswith("_")})
    if not kind.declared(known):
        _refuse_foreign(target, found)
        known = {**observed(kind, found, elsewhere), **_bookkeeping(target, found)}
    now = refreshed(kind, found, known, elsewhere)
    return now, outputs(kind, found, now, whole(olds), session.account())


def _bookkeeping(target: Target, found: Object) -> dict[str, str]:
    """What an import says of the owner: only what the marks say, so that the next update writes the missing ones."""
    return whose(found) if target.kind.stripe.has_metadata else {"_key": target.key, "_stack": target.stack}


def _refuse_foreign(target: Target, found: Object) -> None:
    owner = Owner.of(found)
    if owner is not None and owner.stack != target.stack:
        raise OwnershipError.taken(f"this {target.kind.stripe.noun}", found["id"], str(owner))


def delete(session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
    """Remove the object as far as Stripe can; one that is gone already is fine."""
    if session.made.get(target.urn) == object_id:  # `--replace` took the surviving object: it is the new one now
        return
    refuse_on_live_stack(session.settings, f"remove {target} ({object_id})", olds)
    session.same_account(olds)
    target.kind.stripe.extra.retire(session, target, object_id, whole(olds))
