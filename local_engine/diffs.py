"""What a provider says about a change, and what the engine makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from local_engine import property_paths, structural_diff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_engine.values import Properties

Changes = Literal["unknown", "none", "some"]
_INVERTED = {"add": "delete", "delete": "add", "add-replace": "delete-replace", "delete-replace": "add-replace"}


@dataclass(frozen=True)
class Diff:
    """A provider's answer: what changes, and what of it forces a replacement."""

    changes: Changes = "unknown"
    replaces: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    detailed: dict[str, dict[str, Any]] | None = None
    delete_before_replace: bool = False
    stables: list[str] = field(default_factory=list)

    @property
    def wants_replacement(self) -> bool:
        """Tell whether anything in it forces a replacement."""
        details = (self.detailed or {}).values()
        return bool(self.replaces) or any(str(detail["kind"]).endswith("-replace") for detail in details)


def settle(diff: Diff, old_inputs: Properties, new_inputs: Properties, ignore_changes: Iterable[str] = ()) -> Diff:
    """Compare inputs where the provider does not know; such a comparison never replaces."""
    if diff.changes != "unknown":
        return diff
    keys, detailed = structural_diff.compare(old_inputs, reset_ignored(new_inputs, old_inputs, ignore_changes))
    if not keys:
        return replace(diff, changes="none")
    return replace(diff, changes="some", keys=keys, detailed=detailed)


def reset_ignored(inputs: Properties, old_inputs: Properties, ignore_changes: Iterable[str]) -> Properties:
    """Return inputs in which every ignored path has its old value."""
    found: Properties = _copied(inputs)
    for text in ignore_changes:
        try:
            property_paths.reset(property_paths.parse(text), old_inputs, found)
        except ValueError:  # a path nobody can read ignores nothing
            continue
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def raise_to_replacement(diff: Diff, replace_on_changes: list[str]) -> Diff:
    """Turn changes of the paths the program names into replacements."""
    if diff.changes != "some" or not replace_on_changes:
        return diff
    patterns = [property_paths.parse(text) for text in replace_on_changes]
    named = [key for key in diff.keys if _is_named((key,), patterns) and key not in diff.replaces]
    detailed = diff.detailed
    if detailed is not None:
        detailed = {path: _raised(path, detail, patterns) for path, detail in detailed.items()}
    return replace(diff, replaces=[*diff.replaces, *named], detailed=detailed)


def _is_named(path: property_paths.Path, patterns: list[property_paths.Path]) -> bool:
    return any(property_paths.contains(pattern, path) for pattern in patterns)


def _raised(path: str, detail: dict[str, Any], patterns: list[property_paths.Path]) -> dict[str, Any]:
    kind = str(detail["kind"])
    if kind.endswith("-replace") or not _is_named(property_paths.parse(path), patterns):
        return detail
    return {**detail, "kind": f"{kind}-replace"}


def invert(diff: Diff) -> Diff:
    """Turn a diff round: what a refresh shows is the way from the state to the world."""
    if diff.detailed is None:
        return diff
    turned = {path: {**detail, "kind": _inverted(str(detail["kind"]))} for path, detail in diff.detailed.items()}
    return replace(diff, detailed=turned)


def _inverted(kind: str) -> str:
    return _INVERTED.get(kind, kind)
