"""What one stack has otherwise: a JSON merge patch over the catalog. https://www.rfc-editor.org/rfc/rfc7386"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from billing_resources._engine.validation import Place


def merged(target: Any, patch: Any) -> Any:
    """The target with the patch applied: objects merge, null removes, everything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, part in patch.items():
        if part is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), part)
    return result


def idle_removals(target: Any, patch: Any, place: Place = ()) -> Iterator[tuple[Place, list[str]]]:
    """Where the patch removes what is not there, which is a slip of the pen, and the names that are there."""
    known = target if isinstance(target, Mapping) else {}
    for key, part in patch.items() if isinstance(patch, Mapping) else ():
        if part is None and key not in known:
            yield (*place, key), [str(name) for name in known]
        else:
            yield from idle_removals(known.get(key), part, (*place, key))


@dataclass(frozen=True)
class Overrides:
    """A stack's patch, and which places of the catalog it wrote."""

    stack: str
    patch: Mapping[str, Any]

    @property
    def source(self) -> str:
        """What a problem of the patch is said to come from."""
        return f"billing:overrides of stack {self.stack}"

    @cached_property
    def _leaves(self) -> frozenset[Place]:
        return frozenset(_leaves(self.patch, ()))

    def wrote(self, place: Place) -> bool:
        """Whether the value at the place, or the removal of it, is the patch's."""
        return any(place[: len(leaf)] == leaf for leaf in self._leaves)

    def touches(self, place: Place) -> bool:
        """Whether the patch wrote the place or anything inside it."""
        return self.wrote(place) or any(leaf[: len(place)] == place for leaf in self._leaves)


def _leaves(patch: Any, place: Place) -> Iterator[Place]:
    if not isinstance(patch, Mapping) or (place and not patch):
        yield place
        return
    for key, part in patch.items():
        yield from _leaves(part, (*place, key))
