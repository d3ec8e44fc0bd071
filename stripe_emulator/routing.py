"""Which function answers which method and path."""

from __future__ import annotations

import re
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
    pattern: re.Pattern[str]
    operation: Operation
    parameters: dict[str, Parameter]


class Router:
    """Finds the route of a request."""

    def __init__(self, tables: list[Routes]) -> None:
        self._routes = [_route(name, operation) for table in tables for name, operation in table.table.items()]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route and the ids in the path, or answer 404."""
        for route in self._routes:
            match = route.pattern.fullmatch(path)
            if match and route.method == method:
                return route, match.groupdict()
        raise errors.unrecognized_url(method, path)


def _route(name: str, operation: Operation) -> Route:
    method, path = name.split(" ")
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
    return Route(name, method, pattern, operation, operations()[name])
