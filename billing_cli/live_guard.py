"""What a live stack would lose is listed before anything is written, all at once.

The host refuses each of these as well, whoever drives it, but only when its turn comes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from billing_cli.errors import UsageRefused
from billing_cli.preflight import stripe_settings
from billing_resources._engine.settings import ALLOW_DESTRUCTIVE

if TYPE_CHECKING:
    from billing_cli.engines.engine import Engine, Wishes
    from billing_cli.engines.workplace import Workplace

_OURS = "pulumi-python:dynamic/stripe:"
_REPLACING = {"replace", "create-replacement", "delete-replaced"}


def refuse_destruction(engine: Engine, workplace: Workplace, wishes: Wishes, *, destroys: bool = False) -> int:
    """Refuse to go on where a live stack would lose something; answers the exit code of the preview.

    A preview that fails says nothing here: the caller shows it.
    """
    settings = stripe_settings(workplace.settings)
    if settings.allows_destruction:
        os.environ[ALLOW_DESTRUCTIVE] = "true"  # the host of a destroy is not told of settings that are newer
    if settings.allows_destruction or settings.is_test:
        return 0
    with _without_protection():
        code, events = engine.planned(wishes, destroys=destroys)
    steps = _destructive(events, only_live=not settings.is_live)
    if code == 0 and steps:
        raise UsageRefused.destructive(workplace.stack, steps)
    return code


@contextmanager
def _without_protection() -> Iterator[None]:
    """Let a preview, which writes nothing, tell everything that would go: protection would end it at the first."""
    before = os.environ.get(ALLOW_DESTRUCTIVE)
    os.environ[ALLOW_DESTRUCTIVE] = "true"
    try:
        yield
    finally:
        os.environ.pop(ALLOW_DESTRUCTIVE)
        if before is not None:
            os.environ[ALLOW_DESTRUCTIVE] = before


def _destructive(events: list[dict[str, Any]], *, only_live: bool) -> list[str]:
    """Each object that would go, with its id, in the order of the preview; a replacement is one step."""
    found: dict[str, str] = {}
    for event in events:
        step = event.get("resourcePreEvent", {}).get("metadata", {})
        if not _is_ours(step) or (only_live and not _is_live(step)):
            continue
        if step["op"] in _REPLACING:
            found[step["urn"]] = f"replace {_named(step)}"
        elif step["op"] == "delete":
            found.setdefault(step["urn"], f"remove {_named(step)}")
    return list(found.values())


def _is_ours(step: dict[str, Any]) -> bool:
    return str(step.get("type", "")).startswith(_OURS)


def _is_live(step: dict[str, Any]) -> bool:
    return ((step.get("old") or {}).get("outputs") or {}).get("livemode") is True


def _named(step: dict[str, Any]) -> str:
    kind, name = step["type"].removeprefix(_OURS), step["urn"].rpartition("::")[2]
    object_id = (step.get("old") or {}).get("id")
    return f"{kind} {name} ({object_id})" if object_id else f"{kind} {name}"
