"""Stripe's published parameters, as data: what each operation accepts (written by script/generate_parameters.py)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

LONGEST = 5000  # Stripe's limit for every string that has no limit of its own


@dataclass(frozen=True)
class Parameter:
    """One parameter: its type, and what its value may be."""

    type: str
    required: bool = False
    clearable: bool = False
    enum: tuple[str, ...] = ()
    longest: int = LONGEST
    fields: dict[str, Parameter] = field(default_factory=dict)
    items: Parameter | None = None
    any_of: tuple[Parameter, ...] = ()


@cache
def operations() -> dict[str, dict[str, Parameter]]:
    """Return method and path -> name -> parameter, for every operation of the list."""
    return {name: _fields(fields) for name, fields in _document()["operations"].items()}


def api_version() -> str:
    """Return the API version the list was made for."""
    return str(_document()["api_version"])


@cache
def api_versions() -> frozenset[str]:
    """Return every API version Stripe accepts in a webhook endpoint, and so in a header."""
    return frozenset(operations()["POST /v1/webhook_endpoints"]["api_version"].enum)


@cache
def thin_events() -> tuple[str, ...]:
    """Return the types of the events that are only notifications."""
    return tuple(_document()["thin_events"])


def snapshot_events() -> tuple[str, ...]:
    """Return the types of the events that carry their object."""
    events = operations()["POST /v1/webhook_endpoints"]["enabled_events"].items
    return events.enum if events else ()


@cache
def _document() -> dict[str, Any]:
    text = files("stripe_emulator").joinpath("parameters.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _fields(fields: dict[str, Any]) -> dict[str, Parameter]:
    return {name: _parameter(node) for name, node in fields.items()}


def _parameter(node: dict[str, Any]) -> Parameter:
    return Parameter(
        type=node["type"],
        required=node.get("required", False),
        clearable=node.get("clearable", False),
        enum=tuple(node.get("enum", ())),
        longest=node.get("max", LONGEST),
        fields=_fields(node.get("fields", {})),
        items=_parameter(node["items"]) if "items" in node else None,
        any_of=tuple(_parameter(choice) for choice in node.get("any_of", ())),
    )
