"""Create, update, read and delete, for every kind the same; what a kind needs more of stands in its declaration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.adoption import Settlement, is_alive, settle
from billing_resources._engine.calls import is_gone
from billing_resources._engine.canonical import whole
from billing_resources._engine.diff import changed_fields
from billing_resources._engine.facts import UpdateOnly
from billing_resources._engine.marks import Owner
from billing_resources._engine.observe import as_outputs, observed, outputs, refreshed
from billing_resources._engine.params import create_params, update_params
from billing_resources.errors import BillingResourceError, OwnershipError, StripeRefused

if TYPE_CHECKING:
    from billing_resources._engine.extra import Object
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target


class HalfDone(BillingResourceError):  # noqa: N818 - reads as what happened
    """The object was made, but a further request for it failed; its id must not get lost."""

    def __init__(self, reason: str, object_id: str, made: Mapping[str, Any]) -> None:
        self.object_id, self.outputs = object_id, made
        super().__init__(reason)


def create(session: Session, target: Target, props: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Make the object, or take the one that a run which died has left; answers its id and outputs.

    Raises OwnershipError, ReplacementRefused, SettingsError or StripeRefused; HalfDone when the object was made.
    """
    account, kind, args = session.account(), target.kind, whole(props)
    replaced = session.replaced.get(target.urn)
    kind.stripe.extra.before_create(session, target, args, replaced)
    settlement = settle(session.known(kind).values(), target, args, replaced)
    if settlement.take is not None:
        found = settlement.take
        result = update(session, target, found["id"], as_outputs(kind, found, account), args)
    else:
        found = _create_new(session, target, args, settlement)
        session.made[target.urn] = found["id"]
        try:
            found = _complete(session, target, found, args, replaced)
        except BillingResourceError as error:
            raise HalfDone(str(error), found["id"], as_outputs(kind, found, account)) from None
        result = outputs(kind, found, args, {}, account)
    session.made[target.urn] = found["id"]
    return found["id"], result


def _create_new(session: Session, target: Target, args: Mapping[str, Any], settlement: Settlement) -> Object:
    params = create_params(target.kind, args, target.owner)
    more = target.kind.stripe.extra.more_marks(session, args)
    params |= {"metadata": {**params["metadata"], **more}} if more else {}
    try:
        return _post(session, target, params, nonce="")
    except StripeRefused as error:
        if settlement.refusal is not None and error.status == 400:  # its idempotency key did not prove it ours
            raise settlement.refusal from None
        if (error.status or 0) < 500:
            raise
        return _after_kept_error(session, target, args, params)


def _after_kept_error(session: Session, target: Target, args: Mapping[str, Any], params: Mapping[str, Any]) -> Object:
    """Stripe keeps a 500 under its key for a day: look whether the object was made, else ask under a new key."""
    session.forget_pages(target.kind)
    found = settle(session.known(target.kind).values(), target, args, session.replaced.get(target.urn)).take
    return found if found is not None else _post(session, target, params, nonce="after an error")


def _post(session: Session, target: Target, params: Mapping[str, Any], nonce: str) -> Object:
    """POST under a key that follows from what is sent, so that a lost answer makes no second object.

    A replayed answer may be about an object that was removed since: then its id makes a new key.
    """
    key = _idempotency_key(target, params, nonce)
    made, replayed = session.create(target.kind, f"create {target}", params, key)
    if not replayed:
        return made
    now = session.retrieve(target.kind, made["id"])
    if now is None or not is_alive(now, target):
        return _post(session, target, params, nonce=made["id"])
    return {**made, **now}


def _idempotency_key(target: Target, params: Mapping[str, Any], nonce: str) -> str:
    told = json.dumps([target.stack, target.urn, params, nonce], sort_keys=True, separators=(",", ":"))
    return f"billing-{hashlib.sha256(told.encode()).hexdigest()[:48]}"


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
    try:
        found = _change(session, target, object_id, before, args, changed)
    except StripeRefused as error:
        if is_gone(error):
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
    verb = kind.stripe.status_verbs.get(str(args.get("status", kind.alive.get("status", "active"))))
    if verb is not None and "status" in changed:
        found |= session.act(kind, verb, object_id)
    params = update_params(kind, olds, args, changed, target.owner)
    if params:
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
    found = session.pages(kind).get(object_id) or session.retrieve(kind, object_id)
    if found is None:
        return None
    known = whole(inputs or {name: olds[name] for name in olds if name in kind.shape.by_name or name.startswith("_")})
    if not kind.declared(known):
        _refuse_foreign(target, found)
        known = {**observed(kind, found), "_key": target.key, "_stack": target.stack}
    now = refreshed(kind, found, known)
    return now, outputs(kind, found, now, whole(olds), session.account())


def _refuse_foreign(target: Target, found: Object) -> None:
    owner = Owner.of(found)
    if owner is not None and owner.stack != target.stack:
        raise OwnershipError.taken(f"this {target.kind.stripe.noun}", found["id"], str(owner))


def delete(session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
    """Remove the object as far as Stripe can; one that is gone already is fine."""
    if session.made.get(target.urn) == object_id:  # `--replace` took the surviving object: it is the new one now
        return
    session.same_account(olds)
    target.kind.stripe.extra.retire(session, target, object_id, whole(olds))
