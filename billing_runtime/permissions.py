"""Who may do what to the billing of an entity: verbs, roles, and the application's answer to who is a member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from billing_runtime import _inputs
from billing_runtime.errors import InvalidInput, NotAllowed

Verb = Literal["read", "create", "update", "delete"]
VERBS: tuple[Verb, ...] = ("read", "create", "update", "delete")

#: What each role may do, unless an application says otherwise.
ROLES: Mapping[str, frozenset[Verb]] = {
    "member": frozenset({"read"}),
    "admin": frozenset({"create", "read"}),
    "owner": frozenset(VERBS),
}

#: The role of an actor in an organization, or None for a stranger. Asked at each call: a role may be lost any time.
Membership = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Permissions:
    """Roles as data, and the callback `membership(actor, entity_id)` that names an actor's role."""

    membership: Membership | None = None
    roles: Mapping[str, frozenset[Verb]] = field(default_factory=lambda: ROLES)

    def __post_init__(self) -> None:
        for role, verbs in self.roles.items():
            for verb in verbs:
                _known(verb, f"the role {role!r}")

    def authorize(self, actor: str, entity_id: str, verb: Verb, *, kind: str | None = None) -> None:
        """Return if the actor may, else raise NotAllowed; `kind` is what the entity is known to be.

        Every actor may do everything to the billing of its own id, unless that is known to be an organization's: then
        the two only happen to be spelled alike.
        """
        _inputs.actor(actor)
        _inputs.entity(entity_id)
        _known(verb, "authorize")
        if actor == entity_id and kind != "organization":
            return
        why = self._objection(actor, entity_id, verb)
        if why is not None:
            raise NotAllowed(actor, entity_id, verb, why)

    def _objection(self, actor: str, entity_id: str, verb: Verb) -> str | None:
        if self.membership is None:
            return "no membership callback was given to Billing.open (permissions=Permissions(membership=…))"
        role = self.membership(actor, entity_id)
        if role is None:
            return "it is no member"
        allowed = self.roles.get(role)
        if allowed is None:
            return f"the role {role!r} is none of {', '.join(self.roles)}"
        return None if verb in allowed else f"the role {role!r} does not include that"


def _known(verb: str, where: str) -> None:
    if verb not in VERBS:
        message = f"{where} knows the verbs {', '.join(VERBS)}, not {verb!r}."
        raise InvalidInput(message)
