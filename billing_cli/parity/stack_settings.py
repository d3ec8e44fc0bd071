"""What a stack's settings say about parity: the differences they allow, and the addresses they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_cli.commands.check import overrides_of
from billing_review.parity.allowances import SETTING, Allowance, read_allowances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from billing_cli.engines.workplace import Workplace
    from billing_review.parity.environment import Key

_ADDRESSED = {
    "webhook_endpoints": ("WebhookEndpoint", "url"),
    "event_destinations": ("EventDestination", "webhook_endpoint"),
}


def allowed(workplace: Workplace | None) -> tuple[tuple[Allowance, ...], list[str]]:
    """The differences that the stack may have, and what is wrong with how they are written."""
    if workplace is None:
        return (), []
    found, problems = read_allowances(workplace.stack, workplace.settings.get(SETTING))
    return found, [f"{workplace.settings_file.name}: {problem}" for problem in problems]


def own_addresses(workplace: Workplace | None, objects: Iterable[Key]) -> frozenset[Key]:
    """The endpoints whose address the stack's overrides write, their copies included."""
    if workplace is None or not workplace.settings_file.is_file():
        return frozenset()
    declared = set(_declared(overrides_of(workplace.directory, workplace.stack)))
    return frozenset((kind, key) for kind, key in objects if (kind, key.partition("~")[0]) in declared)


def _declared(overrides: Mapping[str, Any]) -> Iterable[Key]:
    for section, (kind, field) in _ADDRESSED.items():
        entries = overrides.get(section)
        for key, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, str) or (isinstance(entry, dict) and field in entry):
                yield kind, str(key)
