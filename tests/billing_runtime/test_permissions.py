"""Who may do what to whose billing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Billing, InvalidInput, NotAllowed, Permissions
from billing_runtime.permissions import ROLES, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
MEMBERS = {("mia", "org_1"): "member", ("ada", "org_1"): "admin", ("olu", "org_1"): "owner"}


@pytest.fixture
def guarded(open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient) -> Billing:
    """Billing in which org_1 has a member, an admin and an owner."""
    permissions = Permissions(membership=lambda actor, entity: MEMBERS.get((actor, entity)))
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, permissions=permissions)
    billing.customers.ensure("org_1", kind="organization")
    stripe_emulator.clear_requests()
    return billing


@given(
    role=st.sampled_from([*ROLES, None, "guest"]),
    verb=st.sampled_from(VERBS),
    own=st.booleans(),
    kind=st.sampled_from(["user", "organization", None]),
)
def test_every_role_and_verb(role: str | None, verb: Any, *, own: bool, kind: str | None) -> None:
    """An actor must be allowed exactly what is its own, or what its role in the entity includes."""
    permissions = Permissions(membership=lambda _, __: role)
    entity = "mia" if own else "org_1"
    allowed = (own and kind != "organization") or verb in ROLES.get(role or "", frozenset())
    if allowed:
        permissions.authorize("mia", entity, verb, kind=kind)
    else:
        with pytest.raises(NotAllowed):
            permissions.authorize("mia", entity, verb, kind=kind)


@pytest.mark.parametrize(
    ("actor", "allowed"), [("mia", "read"), ("ada", "create read"), ("olu", "create delete read update")]
)
def test_the_roles(guarded: Billing, actor: str, allowed: str) -> None:
    """Members read, admins buy as well, owners do everything."""

    def may(verb: Any) -> bool:
        try:
            guarded.authorize(actor, "org_1", verb)
        except NotAllowed:
            return False
        return True

    assert " ".join(sorted(verb for verb in VERBS if may(verb))) == allowed


def test_a_foreign_organization(guarded: Billing) -> None:
    """Who is no member must be refused, and told so."""
    with pytest.raises(NotAllowed, match="'eve' may not read the billing of 'org_1': it is no member") as refused:
        guarded.authorize("eve", "org_1", "read")
    assert (refused.value.actor, refused.value.entity_id, refused.value.verb) == ("eve", "org_1", "read")


def test_ones_own_billing(guarded: Billing) -> None:
    """A user needs no role for its own billing, also before it has a customer."""
    for verb in VERBS:
        guarded.authorize("mia", "mia", verb)


def test_an_organization_that_is_spelled_like_a_user(guarded: Billing) -> None:
    """An organization whose id happens to be a user's must not be that user's own."""
    guarded.customers.ensure("42", kind="organization")
    with pytest.raises(NotAllowed):
        guarded.authorize("42", "42", "read")


def test_without_a_membership_callback(billing: Billing) -> None:
    """As long as nobody can say who is a member, nobody may be taken for one."""
    with pytest.raises(NotAllowed, match="no membership callback"):
        billing.authorize("mia", "org_1", "read")


def test_the_role_is_asked_for_each_time(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Who has lost its role must lose the right with it, without anything being opened anew."""
    roles = {"mia": "owner"}
    billing = open_billing(manifest=manifest_data, permissions=Permissions(lambda actor, _: roles.get(actor)))
    billing.authorize("mia", "org_1", "delete")
    del roles["mia"]
    with pytest.raises(NotAllowed):
        billing.authorize("mia", "org_1", "delete")


def test_roles_of_an_application(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """An application must be able to say itself what its roles may do."""
    permissions = Permissions(lambda _, __: "accountant", {"accountant": frozenset({"read", "update"})})
    billing = open_billing(manifest=manifest_data, permissions=permissions)
    billing.authorize("mia", "org_1", "update")
    with pytest.raises(NotAllowed, match="the role 'accountant' does not include that"):
        billing.authorize("mia", "org_1", "delete")


def test_a_role_with_a_verb_that_is_none() -> None:
    """A mistyped verb in a role must be found when it is written, not when somebody is let in or kept out."""
    with pytest.raises(InvalidInput, match="the role 'boss' knows the verbs read, create, update, delete, not 'wrtie'"):
        Permissions(roles={"boss": frozenset({"wrtie"})})  # type: ignore[arg-type] # what is tested


@pytest.mark.parametrize("actor", ["", " ", "x" * 256, "a\nb", 7])
def test_bad_actors(guarded: Billing, actor: Any) -> None:
    """What can be no user's id must be refused before anybody is asked."""
    with pytest.raises(InvalidInput, match="actor must"):
        guarded.authorize(actor, "org_1", "read")


CALLS: list[tuple[str, str, Json]] = [
    ("checkout", "create", {"price": "team.monthly", "success_url": "https://app.test/"}),
    ("subscribe", "create", {"price": "team.monthly"}),
    ("portal", "update", {}),
]


@pytest.mark.parametrize(("call", "verb", "given_"), CALLS)
def test_every_call_asks(guarded: Billing, stripe_emulator: EmulatorClient, call: str, verb: str, given_: Json) -> None:
    """A call that is given an actor must ask what it may before anything is sent."""
    with pytest.raises(NotAllowed, match=f"may not {verb}"):
        getattr(guarded, call)("org_1", actor="mia", **given_)
    assert stripe_emulator.count() == 0
