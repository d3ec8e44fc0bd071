"""Stripe's OpenAPI specification as stripe-mock has it: which operations there are, and what they may be sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.stripe_mock.installed import SPECIFICATION

Json = dict[str, Any]

_NAMED = re.compile(r"\{\w+\}")


class Schema:
    """What may stand at one place: the alternatives, flattened."""

    def __init__(self, nodes: Iterable[Json]) -> None:
        self._nodes = [flat for node in nodes for flat in _flattened(node)]

    def __bool__(self) -> bool:
        return bool(self._nodes)

    def below(self, segment: str) -> Schema:
        """Return what may stand under a name, an index (or nothing, as in `items[]`) or the key of a map."""
        named = [node["properties"][segment] for node in self._nodes if segment in node.get("properties", {})]
        elements = [node["items"] for node in self._nodes if "items" in node and not segment.strip("0123456789")]
        maps = [
            node["additionalProperties"] for node in self._nodes if isinstance(node.get("additionalProperties"), dict)
        ]
        return Schema(named or elements or maps)

    def at(self, segments: Iterable[str]) -> Schema:
        """Return what may stand at a path."""
        found = self
        for segment in segments:
            found = found.below(segment)
        return found

    @property
    def words(self) -> list[str]:
        """The words that are allowed, where nothing but words is allowed; else none."""
        if any(node.get("type") == "string" and "enum" not in node for node in self._nodes):
            return []
        return [word for node in self._nodes for word in node.get("enum", []) if word]

    def example(self, name: str) -> list[tuple[str, str]]:
        """Return as little as may stand here, as it is sent."""
        names = {field: None for node in self._nodes for field in node.get("properties", {})}
        if not names:
            return [(name, next(iter(self.words), "1"))]  # 1 is a string, a number, a moment and a truth
        wanted = self.required or list(names)[:1]
        return [pair for field in wanted for pair in self.below(field).example(f"{name}[{field}]")]

    @property
    def longest(self) -> int | None:
        """How long a string may be, where that is said."""
        return max((node["maxLength"] for node in self._nodes if "maxLength" in node), default=None)

    @property
    def required(self) -> list[str]:
        """The names that must be there, whichever alternative is chosen."""
        choices = [set(node.get("required", [])) for node in self._nodes if node.get("properties")]
        return sorted(set.intersection(*choices)) if choices else []


@cache
def version() -> str:
    """Return the API version of the specification."""
    return str(_document()["info"]["version"])


def schema_of(operation: str) -> Schema | None:
    """Return what an operation may be sent, by `METHOD /path/{id}`; None if Stripe had no such operation then."""
    method, path = operation.split(" ")
    found = _paths().get(_NAMED.sub("{}", path), {}).get(method.lower())
    if found is None:
        return None
    if method == "GET":
        sent = [parameter for parameter in found["parameters"] if parameter["in"] == "query"]
        return Schema(
            [{"type": "object", "properties": {parameter["name"]: parameter["schema"] for parameter in sent}}]
        )
    return Schema(content["schema"] for content in found["requestBody"]["content"].values())


def _flattened(node: Json) -> Iterator[Json]:
    yield node
    for choice in node.get("anyOf", []):
        yield from _flattened(choice)


@cache
def _paths() -> dict[str, Json]:
    return {_NAMED.sub("{}", path): verbs for path, verbs in _document()["paths"].items()}


@cache
def _document() -> Json:
    return dict(json.loads(Path(SPECIFICATION).read_text(encoding="utf-8")))
