"""A later version of this package knows a field more: state that was written without it is as good as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, NotRequired

import pytest
from typing_extensions import TypedDict, get_type_hints

from billing_resources._engine import every_kind
from billing_resources._engine.facts import Default, Immutable, In
from billing_resources._engine.kind import REGISTRY, Kind
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.first_kinds import CASES
from tests.billing_resources.newer_kinds import program, settled

assert every_kind
pytestmark = pytest.mark.usefixtures("first_portal")
Upgrade = Callable[[str], None]


class Toned(TypedDict):
    """What the later version declares besides."""

    tone: NotRequired[Annotated[In[str], Immutable(), Default("classic")]]


def with_tone(kind: Kind) -> Kind:
    """The kind with one more field: immutable, and with a default."""
    fields = {
        name: hint for args in (kind.args, Toned) for name, hint in get_type_hints(args, include_extras=True).items()
    }
    make: Any = TypedDict  # type checkers want its fields written out
    return replace(kind, args=make(kind.args.__name__, fields))


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """Install the later version."""
    return lambda name: monkeypatch.setitem(REGISTRY, name, with_tone(REGISTRY[name]))


@pytest.mark.rule("older state", "all")
@pytest.mark.parametrize("kind", CASES)
def test_a_new_field_with_a_default_is_no_change(
    kind: str, ours: Engine, upgrade: Upgrade, account: EmulatorClient
) -> None:
    """Left out or written as its default: nothing to do. Anything else makes a new object, as the declaration says."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    upgrade(kind)
    account.clear_requests()
    assert settled(ours, case, case.declared)
    assert settled(ours, case, case.with_(tone="classic"))
    assert account.count(method="POST") == 0
    assert ours.preview(*program(case, case.with_(tone="modern")))[str(case.declared)] == "replace"
