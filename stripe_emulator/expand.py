"""Show documents as Stripe does: inner fields left out, ids replaced by objects where `expand[]` asks for it.

https://docs.stripe.com/api/expanding_objects
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import parameters as errors

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.kinds import Kind

Tree = dict[str, Any]
DEEPEST = 4


class Presenter:
    """Turns stored documents into answers."""

    def __init__(self, call: Call, kinds: dict[str, Kind]) -> None:
        self._call = call
        self._kinds = kinds

    def show(self, body: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
        """Return the body with these paths expanded."""
        if body.get("object") == "list":
            _expect_data(paths)
        return dict(self._show(body, _tree(paths), ""))

    def _show(self, value: Any, tree: Tree, at: str) -> Any:
        if isinstance(value, list):
            return [self._show(element, tree, at) for element in value]
        if not isinstance(value, dict):
            if tree:
                raise errors.not_expandable(_below(at, next(iter(tree))), exists=False)
            return value
        kind = self._kinds.get(value.get("object", ""))
        if kind is None or value.get("deleted"):
            return self._plain(value, tree, at)
        return self._object(kind, kind.view(self._call, value), tree, at)

    def _plain(self, value: dict[str, Any], tree: Tree, at: str) -> dict[str, Any]:
        _refuse_strangers(tree, value, at)
        return {name: self._field(None, name, inner, tree, at) for name, inner in value.items() if name[0:1] != "_"}

    def _object(self, kind: Kind, value: dict[str, Any], tree: Tree, at: str) -> dict[str, Any]:
        _refuse_strangers(tree, value, at)
        left_out = kind.on_request - set(tree)
        shown = (name for name in value if name not in left_out and name[0:1] != "_")
        return {name: self._field(kind, name, value[name], tree, at) for name in shown}

    def _field(self, kind: Kind | None, name: str, value: Any, tree: Tree, at: str) -> Any:
        below = tree.get(name, {})
        where = _below(at, name)
        if name not in tree or value is None:
            return self._show(value, {}, where)
        if kind is not None and name in kind.expandable:
            return self._show(self._fetch(kind.expandable[name], value), below, where)
        if isinstance(value, (dict, list)) and (below or (kind is not None and name in kind.on_request)):
            return self._show(value, below, where)
        raise errors.not_expandable(where, exists=True)

    def _fetch(self, kind: str, identifier: Any) -> Any:
        if isinstance(identifier, list):
            return [self._fetch(kind, one) for one in identifier]
        if isinstance(identifier, dict):
            return identifier
        return self._call.store.get(kind, identifier)


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


def _refuse_strangers(tree: Tree, value: dict[str, Any], at: str) -> None:
    for name in tree:
        if name not in value:
            raise errors.not_expandable(_below(at, name), exists=False)


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
