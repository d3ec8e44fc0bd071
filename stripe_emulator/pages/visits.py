"""Who may see what: the id in a page's address is the key to it, whatever the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripe_emulator.accounts import scope_named
from stripe_emulator.pages.refusals import UnknownPageError

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.emulator import Emulator


def visit(emulator: Emulator, kind: str, identifier: str) -> Call:
    """Return a call in the account that has this object, once everything due has happened."""
    scopes = emulator.storage.scopes(kind)
    scope = next((one for one in scopes if identifier in emulator.storage.table(one, kind)), None)
    if scope is None:
        message = f"no account has a {_spoken(kind)} {identifier}"
        raise UnknownPageError(message)
    emulator.catch_up()
    return emulator.begin(scope_named(scope))


def _spoken(kind: str) -> str:
    return kind.replace(".", " ").replace("_", " ")
