"""Decode a form or a query string the way Stripe does: brackets nest, `[]` and `[0]` make arrays."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from stripe_emulator.errors import parameters as errors

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_MOST = 10_000  # parameters
_DEEPEST = 20  # levels; Stripe has no parameter of half as many
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    """Return nested dicts of strings; arrays written `[]` become lists, those written `[0]` stay dicts of digits."""
    tree: dict[str, Any] = {}
    if text.count("&") >= _MOST:
        raise errors.too_many(_MOST)
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, _path(name), value, name)
    return tree


def _path(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None or match[2].count("[") > _DEEPEST:
        return [name]
    return [match[1], *_BRACKET.findall(match[2])]


def _put(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    head, *rest = path
    if not rest:
        tree[head] = value
        return
    if rest[0] == "":
        _append(tree.setdefault(head, []), rest[1:], value, name)
        return
    branch = tree.setdefault(head, {})
    if not isinstance(branch, dict):
        raise errors.invalid_object(head)
    _put(branch, rest, value, name)


def _append(array: Any, rest: list[str], value: str, name: str) -> None:
    if not isinstance(array, list):
        raise errors.invalid_array(name.split("[", 1)[0])
    if not rest:
        array.append(value)
        return
    # `a[][x]=1&a[][y]=2` is one element until a name comes round again.
    if not array or not isinstance(array[-1], dict) or _holds(array[-1], rest):
        array.append({})
    _put(array[-1], rest, value, name)


def _holds(element: dict[str, Any], path: list[str]) -> bool:
    found: Any = element
    for part in path:
        if part == "" or not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True
