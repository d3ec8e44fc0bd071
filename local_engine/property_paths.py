"""Property paths such as `tags.k`, `items[0]` and `["x.y"]`."""

from __future__ import annotations

import json
import re
from typing import Any

from local_engine.values import Secret

Path = tuple[str | int, ...]

_PART = re.compile(r'\.?([^.\[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]')
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_MISSING = object()


def parse(text: str) -> Path:
    """Split a path into keys and indexes; `*` stands for any."""
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        if found is None:
            raise ValueError(text)
        parts.append(_part(found))
        position = found.end()
    return tuple(parts)


def _part(found: re.Match[str]) -> str | int:
    plain, quoted, index = found.groups()
    if plain is not None:
        return str(plain)
    if quoted is not None:
        return str(json.loads(f'"{quoted}"'))
    return int(index) if index != "*" else "*"


def join(path: Path) -> str:
    """Write a path as the engine shows it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def contains(pattern: Path, path: Path) -> bool:
    """Tell whether a path is the pattern, or lies below it."""
    return len(pattern) <= len(path) and all(want in ("*", have) for want, have in zip(pattern, path, strict=False))


def reset(path: Path, source: Any, target: Any) -> bool:
    """Set what a path names in the target to what it is in the source; tell whether the path fits both."""
    if not path:
        return False
    first, rest = path[0], path[1:]
    if first == "*":
        return _reset_all(rest, source, target)
    if not rest:
        return _assign(first, _at(source, first), target)
    inner = _at(target, first)
    return inner is not _MISSING and reset(rest, _at(source, first), inner)


def _reset_all(rest: Path, source: Any, target: Any) -> bool:
    keys = list(target) if isinstance(target, dict) else list(range(len(target))) if isinstance(target, list) else []
    fits = [reset((key, *rest), source, target) for key in keys]  # every one is reset, also after one that does not fit
    return all(fits)


def _at(value: Any, part: str | int) -> Any:
    if isinstance(value, Secret):
        value = value.value
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part, _MISSING)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return _MISSING


def _assign(part: str | int, value: Any, target: Any) -> bool:
    if isinstance(target, dict) and isinstance(part, str):
        if value is _MISSING:
            target.pop(part, None)
        else:
            target[part] = value
        return True
    if isinstance(target, list) and isinstance(part, int) and part < len(target) and value is not _MISSING:
        target[part] = value
        return True
    return False
