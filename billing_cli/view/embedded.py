"""Texts that are documents themselves: JSON, and YAML of several lines, are read and compared as such."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


@dataclass(frozen=True)
class Document:
    """An object or a list that was written down as a text."""

    language: str
    value: Any


def embedded(text: str) -> Document | None:
    """Read a text as a document, if it is one."""
    found = _json(text) or _yaml(text)
    return found if found is not None and isinstance(found.value, dict | list) else None


def _json(text: str) -> Document | None:
    try:
        return Document("json", json.loads(text))
    except (ValueError, RecursionError):
        return None


def _yaml(text: str) -> Document | None:
    if "\n" not in text.strip() and "\r" not in text.strip():
        return None  # `name: value` on one line is a text
    try:
        value = YAML(typ="safe", pure=True).load(text.strip())
    except (YAMLError, ValueError, RecursionError):
        return None
    return Document("yaml", json.loads(json.dumps(value, default=str)))
