"""Which function answers which method and path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import requests as errors
from stripe_emulator.parameters import Parameter, operations

Operation = Callable[[Call], dict[str, Any]]


class Routes:
    """The operations of one object's file, by `METHOD /path/{id}` as Stripe writes them."""

    def __init__(self) -> None:
        self.table: dict[str, Operation] = {}

    def __call__(self, name: str) -> Callable[[Operation], Operation]:
        """Register the decorated function."""

        def register(operation: Operation) -> Operation:
            self.table[name] = operation
            return operation

        return register


@dataclass(frozen=True)
class Route:
    """One operation, ready to be matched and called."""

    name: str
    method: str
    segments: tuple[str, ...]
    fixed: tuple[tuple[int, str], ...]  # from the end, where routes differ
    named: tuple[tuple[int, str], ...]
    operation: Operation
    parameters: dict[str, Parameter]

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Return the ids in an address with as many segments, if it is this one's."""
        for place, segment in self.fixed:
            if segments[place] != segment:
                return None
        found = {name: segments[place] for place, name in self.named}
        return found if all(found.values()) else None


class Router:
    """Finds the route of a request."""

    def __init__(self, tables: list[Routes]) -> None:
        self._routes: dict[tuple[str, int], list[Route]] = {}
        for name, operation in (one for table in tables for one in table.table.items()):
            route = _route(name, operation)
            self._routes.setdefault((route.method, len(route.segments)), []).append(route)
        for routes in self._routes.values():
            routes.sort(key=lambda route: route.named)  # `/v1/invoices/upcoming` goes before `/v1/invoices/{invoice}`

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route and the ids in the path, or answer 404."""
        segments = path.split("/")
        for route in self._routes.get((method, len(segments)), ()):
            if (found := route.match(segments)) is not None:
                return route, found
        raise errors.unrecognized_url(method, path)


def _route(name: str, operation: Operation) -> Route:
    method, path = name.split(" ")
    segments = path.split("/")
    named = tuple((place, one[1:-1]) for place, one in enumerate(segments) if one.startswith("{"))
    fixed = tuple((place, one) for place, one in enumerate(segments) if not one.startswith("{"))
    return Route(name, method, tuple(segments), fixed[::-1], named, operation, operations()[name])
