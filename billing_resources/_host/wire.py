"""Pulumi's wire values as Python's and back. Numbers are doubles there, secrets and unknowns are marked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from pulumi.runtime import rpc


def from_wire(struct: Any, *, keep_unknowns: bool = False) -> dict[str, Any]:
    """A struct as a dictionary; unknowns become ``Unknown`` objects where they are kept."""
    found: dict[str, Any] = rpc.deserialize_properties(struct, keep_unknowns)
    return found


def to_wire(values: Mapping[str, Any]) -> Any:
    """A dictionary as a struct; secrets that are wrapped stay so."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(dict(values), {}))
    finally:
        loop.close()


def plain_config(config: Mapping[str, Any]) -> dict[str, str]:
    """The stack's configuration as strings, secrets unwrapped; objects as JSON, as Pulumi keeps them."""
    unwrapped = {key: rpc.unwrap_rpc_secret(value) for key, value in config.items()}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in unwrapped.items()}
