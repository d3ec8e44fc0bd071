"""`billing:protect`: the engine itself refuses to lose what a stack has, until the stack allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.live import go_live

if TYPE_CHECKING:
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

DEARER = {"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}}
FEWER = {"plans": {"team": {"prices": {"yearly": None}}}}


@pytest.fixture
def protected(provisioned: Project) -> Project:
    """The provisioned stack, protected since its second `up`."""
    provisioned.set(billing__protect=True)
    provisioned.ok("up")
    return provisioned


def protection(project: Project) -> set[bool]:
    """Whether the objects at Stripe are protected in the state."""
    return {bool(one.get("protect")) for one in project.resources() if "/stripe:" in one["type"]}


def ids(project: Project) -> set[str]:
    """The ids in the state."""
    return {one["id"] for one in project.resources() if "id" in one}


def test_nothing_is_replaced_until_it_is_allowed(protected: Project) -> None:
    """The engine refuses a destroy and a new amount; one setting lets it through, and the next up protects again."""
    assert protection(protected) == {True}
    before = ids(protected)
    assert "protect" in protected.refused("destroy")
    protected.set(billing__overrides=DEARER)
    assert "protect" in protected.refused("up")
    assert ids(protected) == before
    protected.set(billing__allowDestructive=True)
    protected.ok("up")
    assert protection(protected) == {False}
    assert len(ids(protected) - before) == 1
    protected.set(billing__allowDestructive=False)
    protected.ok("up")
    assert protection(protected) == {True}
    protected.set(billing__overrides={})
    assert "\n  replace Price team.monthly (price_" in go_live(protected).refused("up")


def test_what_is_taken_out_is_unprotected_by_its_state(protected: Project) -> None:
    """The program no longer says anything of it: `stack unprotect` does, on either engine."""
    protected.set(billing__overrides=FEWER, billing__allowDestructive=True)
    assert "protect" in protected.refused("up")
    where = ("--stack", protected.stack, "--engine", protected.engine)
    assert protected.billing("stack", "unprotect", "--all", "--yes", *where).returncode == 0
    protected.ok("up")
    assert not any(one["urn"].endswith("::team.yearly") for one in protected.resources())
