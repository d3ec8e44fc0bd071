"""Objects inside of others have the id ``parent/own``, since their addresses at Stripe name both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_resources._engine.extra import Object
    from billing_resources._engine.kind import Kind


def path_of(kind: Kind, object_id: str) -> tuple[str, ...]:
    """The ids by which the SDK is asked for an object."""
    return tuple(object_id.split("/", 1)) if kind.stripe.parent else (object_id,)


def parent_of(kind: Kind, object_id: str) -> str:
    """The id of the object that it belongs to; empty where there is none."""
    return object_id.split("/", 1)[0] if kind.stripe.parent else ""


def belonging(kind: Kind, parent: str, found: Object) -> Object:
    """An object as Stripe answers it, with its parent and its whole id."""
    if not parent:
        return found
    return {**found, "id": f"{parent}/{found['id']}", kind.stripe.parent: parent}
