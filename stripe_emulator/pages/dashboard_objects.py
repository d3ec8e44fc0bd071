"""The objects of an account as the dashboard shows them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stripe_emulator.accounts import Scope
from stripe_emulator.expand import Presenter
from stripe_emulator.kinds import Kind
from stripe_emulator.objects import KINDS
from stripe_emulator.pages.json_view import Finder, Token, tokens
from stripe_emulator.pages.money import money, time
from stripe_emulator.pages.refusals import UnknownPageError
from stripe_emulator.pages.secrets import masked

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

PAGE = 50
_TOLD = (
    "name",
    "display_name",
    "email",
    "code",
    "number",
    "description",
    "nickname",
    "event_name",
    "url",
    "lookup_key",
)
_STATES = ("status", "type", "mode")
_LATEST_EVENTS = 2000  # so many are looked through for those of one object


def scopes(emulator: Emulator) -> list[Scope]:
    """Return the accounts and modes that have any object, in the order of their names."""
    names = {name for kind in KINDS for name in emulator.storage.scopes(kind) if name}
    named = (Scope(*_parts(name)) for name in sorted(names))
    return [scope for scope in named if counts(emulator, scope)]


def _parts(name: str) -> tuple[str, bool]:
    account, _, mode = name.partition("/")
    return account, mode == "live"


def counts(emulator: Emulator, scope: Scope) -> dict[str, int]:
    """Return how many objects of each kind there are, leaving out kinds without any."""
    found = {kind: len(emulator.storage.table(scope.name, kind)) for kind in KINDS}
    return {kind: count for kind, count in sorted(found.items()) if count}


def address(scope: Scope, kind: str = "", identifier: str = "") -> str:
    """Return where an account, a kind or an object is found."""
    parts = [scope.account, "live" if scope.livemode else "test", kind, identifier]
    return "/_/" + "/".join(quote(part, safe="_.") for part in parts if part)


def listed(emulator: Emulator, scope: Scope, kind: str, after: str | None) -> tuple[list[Document], str | None]:
    """Return a page of objects, newest first, and the id after which the next page begins."""
    rows = emulator.storage.rows(scope.name, kind)
    if kind not in KINDS or (after is not None and after not in rows.documents):
        message = f"there is no {kind} {after or ''}".rstrip()
        raise UnknownPageError(message)
    found = list(islice(rows.newest_first(after), PAGE + 1))
    more = found[PAGE - 1] if len(found) > PAGE else None
    return [summary(scope, rows.documents[one]) for one in found[:PAGE]], more


def summary(scope: Scope, document: Document) -> Document:
    """Return an object in one line."""
    amount = next((document[name] for name in ("amount", "total", "unit_amount") if _whole(document.get(name))), None)
    currency = document.get("currency")
    told = next((str(document[name]) for name in _TOLD if document.get(name)), "")
    return {
        "id": document["id"],
        "href": address(scope, document["object"], document["id"]),
        "told": masked(told),
        "amount": money(amount, currency) if amount is not None and currency else "",
        "state": next((str(document[name]) for name in _STATES if document.get(name)), ""),
        "created": _moment(document.get("created")),
        "is_active": document.get("active") is not False,
    }


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _moment(created: Any) -> str:
    return time(created) if isinstance(created, int) else str(created or "")


def shown(emulator: Emulator, scope: Scope, kind: str, identifier: str) -> list[Token]:
    """Return an object as the API shows it, without its secrets."""
    call = emulator.begin(scope)
    document = call.store.get(kind, identifier)
    if document is None or kind not in KINDS:
        message = f"there is no {kind} {identifier}"
        raise UnknownPageError(message)
    return list(tokens(masked(Presenter(call, KINDS).show(document, [])), finder(emulator, scope)))


def finder(emulator: Emulator, scope: Scope) -> Finder:
    """Return what finds the object that a text names."""
    by_prefix: dict[str, list[Kind]] = {}
    for kind in KINDS.values():
        by_prefix.setdefault(kind.prefix, []).append(kind)

    def find(name: str, text: str) -> str | None:
        if name == "url" and text.startswith(("http://", "https://")):
            return text
        kinds = by_prefix.get(_prefix(text), []) + ([KINDS[name]] if name in KINDS else [])
        found = (kind.object for kind in kinds if text in emulator.storage.table(scope.name, kind.object))
        return next((address(scope, kind, text) for kind in found), None)

    return find


def _prefix(text: str) -> str:
    prefix = text.rpartition("_")[0]
    return prefix.removesuffix("_test").removesuffix("_live")


def events_of(emulator: Emulator, scope: Scope, identifier: str) -> list[Document]:
    """Return the latest events about an object, newest first."""
    rows = emulator.storage.rows(scope.name, "event")
    latest = (rows.documents[one] for one in islice(rows.newest_first(), _LATEST_EVENTS))
    about = (one for one in latest if one["data"]["object"].get("id") == identifier)
    return [event_line(scope, one) for one in islice(about, PAGE)]


def latest_events(emulator: Emulator) -> list[Document]:
    """Return the latest events of all accounts, newest first."""
    found = [line for scope in scopes(emulator) for line in _latest(emulator, scope)]
    return sorted(found, key=lambda line: str(line["created"]), reverse=True)[:PAGE]


def _latest(emulator: Emulator, scope: Scope) -> Iterator[Document]:
    rows = emulator.storage.rows(scope.name, "event")
    return (event_line(scope, rows.documents[one]) for one in islice(rows.newest_first(), PAGE))


def event_line(scope: Scope, event: Document) -> Document:
    """Return an event in one line."""
    about = event["data"]["object"]
    return {
        "id": event["id"],
        "href": address(scope, "event", event["id"]),
        "type": event["type"],
        "created": time(event["created"]),
        "account": f"{scope.account} {'live' if scope.livemode else 'test'}",
        "about": str(about.get("id", "")),
    }
