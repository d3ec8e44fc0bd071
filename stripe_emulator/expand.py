"""Show documents as Stripe does: inner fields left out, ids replaced by objects where `expand[]` asks for it.

https://docs.stripe.com/api/expanding_objects
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from stripe_emulator import versions
from stripe_emulator.errors import parameters as errors
from stripe_emulator.kinds import as_stored
from stripe_emulator.versions.finding import found_in

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.kinds import Kind

Tree = dict[str, Any]
Document = dict[str, Any]
DEEPEST = 4
_MOST_FACES = 10_000
VERBATIM = ("metadata", "payload")  # the caller's own names: none of them means anything here


@dataclass(frozen=True)
class _Owner:
    """The object a field belongs to, and the field's path inside it."""

    kind: Kind | None = None
    path: str = ""

    def inside(self, name: str) -> _Owner:
        return _Owner(self.kind, _below(self.path, name))

    @property
    def left_out(self) -> frozenset[str]:
        """The fields of this place that are shown on request only."""
        return _at(self.kind.on_request, self.path) if self.kind and self.kind.on_request else _NONE

    @property
    def target(self) -> str | None:
        if self.kind is None:
            return None
        return self.kind.expandable.get(self.path) or versions.earlier_fields(self.kind.object).get(self.path)


_NOBODY = _Owner()
_NONE: frozenset[str] = frozenset()


@cache
def _at(paths: frozenset[str], path: str) -> frozenset[str]:
    """Return the last names of the paths that lead to a place."""
    places = (one.rpartition(".") for one in paths)
    return frozenset(name for place, _, name in places if place == path)


class Presenter:
    """Turns stored documents into answers, in the shape of an API version: the newest, unless one is named."""

    def __init__(self, call: Call, kinds: dict[str, Kind], version: str | None = None) -> None:
        self._call = call
        self._kinds = kinds
        self._back = versions.shaper(version, self._find) if version else None
        self._others = 0
        # A page shows one price a hundred times; an event shows what the answer did.
        self._shown: dict[int, tuple[Document, Document]] = {} if self._back else call.store.shown

    @property
    def is_newest(self) -> bool:
        """Say whether what is shown has the newest shape."""
        return self._back is None

    def show(self, body: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
        """Return the body with these paths expanded."""
        if body.get("object") in ("list", "search_result"):
            _expect_data(paths)
            if "total_count" in paths and "_total" in body:
                body = {**body, "total_count": body["_total"]()}
                paths = [path for path in paths if path != "total_count"]
        return dict(self._show(body, _tree(paths), ""))

    def _show(self, value: Any, tree: Tree, at: str, owner: _Owner = _NOBODY) -> Any:
        if isinstance(value, list):
            return [self._show(element, tree, at, owner) for element in value]
        if not isinstance(value, dict):
            if tree:
                raise errors.not_expandable(_below(at, next(iter(tree))), exists=False)
            return value
        kind = self._kinds.get(value.get("object", ""))
        if kind is not None and not value.get("deleted"):
            return self._object(kind, value, tree, at)
        return self._fields(value, tree, at, _NOBODY if "object" in value else owner)

    def _object(self, kind: Kind, value: Document, tree: Tree, at: str) -> Document:
        self._others += 1
        if kind.as_is:
            return value
        if tree:
            return self._fields(self._view(kind, value), tree, at, _Owner(kind))
        if id(value) not in self._shown:  # the document is kept beside: nothing else gets its id meanwhile
            face = self._face if self._back is None and kind.view is as_stored else self._new_face
            self._shown[id(value)] = value, face(kind, value)
        return self._shown[id(value)][1]

    def _face(self, kind: Kind, value: Document) -> Document:
        """Return what a document alone decides about; it is kept for as long as the document does not change."""
        rows, identifier = self._call.store.rows(kind.object), value.get("id", "")
        if rows.documents.get(identifier) is not value:
            return self._new_face(kind, value)
        face = rows.faces.get(identifier)
        if face is None:
            others = self._others
            face = self._new_face(kind, value)
            if self._others == others:  # nothing in it is another object, which may change by itself
                if len(rows.faces) > _MOST_FACES:
                    rows.faces.clear()
                rows.faces[identifier] = face
        return face

    def _new_face(self, kind: Kind, value: Document) -> Document:
        return self._bare(self._view(kind, value), _Owner(kind))

    def _view(self, kind: Kind, value: Document) -> Document:
        viewed = kind.view(self._call, value)
        return self._back(viewed) if self._back else viewed

    def _bare(self, value: Document, owner: _Owner) -> Document:
        """Return the fields of an object in which nothing is expanded."""
        left_out = owner.left_out
        return {
            name: self._show(inner, {}, "", owner.inside(name))
            if inner and isinstance(inner, (dict, list)) and name not in VERBATIM
            else inner
            for name, inner in value.items()
            if name[:1] != "_" and name not in left_out
        }

    def _fields(self, value: dict[str, Any], tree: Tree, at: str, owner: _Owner) -> dict[str, Any]:
        if not tree:
            return self._bare(value, owner)
        for name in tree:
            if name not in value:
                raise errors.not_expandable(_below(at, name), exists=False)
        left_out = owner.left_out - tree.keys()
        shown = [name for name in value if not name.startswith("_") and name not in left_out]
        return {name: self._field(name, value[name], tree, at, owner) for name in shown}

    def _field(self, name: str, value: Any, tree: Tree, at: str, owner: _Owner) -> Any:
        where, below, inner = _below(at, name), tree.get(name, {}), owner.inside(name)
        if name in VERBATIM and name not in tree:
            return value
        if name not in tree or value is None:
            return self._show(value, {}, where, inner)
        if inner.target:
            return self._show(self._fetch(inner.target, value), below, where)
        if isinstance(value, (dict, list)) and name not in VERBATIM and (below or name in owner.left_out):
            return self._show(value, below, where, inner)
        raise errors.not_expandable(where, exists=True)

    def _fetch(self, kind: str, identifier: Any) -> Any:
        if isinstance(identifier, list):  # such as the discounts of an invoice
            return [self._fetch(kind, one) for one in identifier]
        # What has been deleted is still named by others, and shown as deleted.
        return self._call.store.get(kind, identifier) or self._call.store.get(f"deleted_{kind}", identifier)

    def _find(self, name: str, identifier: str) -> Document | None:
        return found_in(self._call, name, identifier)

    def find(self, name: str, identifier: str) -> Document | None:
        """Return an object by its name and id as it is shown: what `versions.shaped` asks for."""
        found = self._find(name, identifier)
        return None if found is None else dict(self._show(found, {}, ""))


def _tree(paths: Sequence[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise errors.expand_too_deep(path)
        branch = tree
        for part in parts:
            branch = branch.setdefault(part, {})
    return tree


def _expect_data(paths: Sequence[str]) -> None:
    for path in paths:
        if path.split(".")[0] not in ("data", "total_count"):
            raise errors.not_expandable(path, exists=True, hint=f"data.{path}")


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
