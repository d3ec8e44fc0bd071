"""An account read into declarations: lists in pages, nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from billing_resources._engine import every_kind
from billing_resources._engine.facts import Reference
from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources._engine.marks import Owner
from billing_resources._engine.observe import observed
from billing_resources._engine.session import Session
from billing_resources._engine.settings import Settings
from billing_resources.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from billing_resources._engine.extra import Object

assert every_kind  # noqa: S101 - imported for filling the registry
FORBIDDEN = 403


@dataclass(frozen=True)
class Found:
    """One living object of the account: its kind, its id, how a program would declare it, and whose it is."""

    kind: Kind
    id: str
    args: Mapping[str, Any]
    owner: Owner | None


@dataclass(frozen=True)
class Survey:
    """An account as far as its key may read it."""

    account: str
    found: list[Found] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    """What the key has no permission for, a sentence for each object and verb."""


def read_account(
    config: Mapping[str, str], environ: Mapping[str, str], kinds: Iterable[str] = ()
) -> tuple[str, list[Found]]:
    """Return the account's id, and every living object of the kinds (of all when none is named).

    ``config`` holds the stack's settings (``stripe:mode``, ``stripe:account``, …). Raises SettingsError or
    StripeRefused, each one sentence.
    """
    settings = Settings.of(config, environ)
    settings.guard()
    session = Session(settings)
    wanted = set(kinds) or set(REGISTRY)
    return session.account(), list(_living(session, [kind for kind in REGISTRY.values() if kind.name in wanted]))


def survey_account(config: Mapping[str, str], environ: Mapping[str, str], kinds: Iterable[str] = ()) -> Survey:
    """Read an account like ``read_account``, past what the key may not read: every such permission is told at once."""
    settings = Settings.of(config, environ)
    settings.guard()
    session = Session(settings)
    wanted = set(kinds) or set(REGISTRY)
    survey = Survey(session.account())
    for kind in REGISTRY.values():
        if kind.name not in wanted:
            continue
        try:
            survey.found.extend(_living(session, [kind]))
        except StripeRefused as error:
            if error.status != FORBIDDEN:
                raise
            survey.forbidden.append(str(error))
    return Survey(survey.account, survey.found, list(dict.fromkeys(survey.forbidden)))


def _living(session: Session, kinds: list[Kind]) -> Iterator[Found]:
    for kind in kinds:
        for parent in _parents(session, kind):
            for one in session.pages(kind, parent).values():
                if kind.is_alive(one):
                    yield _found(session, kind, one)


def _parents(session: Session, kind: Kind) -> list[str]:
    """The ids of the objects that those of the kind belong to; the account itself for most."""
    if not kind.stripe.parent:
        return [""]
    reference = kind.shape.by_name[kind.stripe.parent].fact(Reference)
    above = REGISTRY[reference.kind] if reference is not None else kind
    return [object_id for object_id, one in session.pages(above).items() if above.is_alive(one)]


def _found(session: Session, kind: Kind, one: Object) -> Found:
    elsewhere = kind.stripe.extra.seen(session, one)
    return Found(kind, one["id"], observed(kind, one, elsewhere), Owner.of(one))
