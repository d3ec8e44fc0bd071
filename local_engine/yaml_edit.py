"""One value of a YAML text changed in place: every other line stays byte for byte as somebody wrote it."""

from __future__ import annotations

import copy
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from local_engine.yaml_text import entry, indented, item

Path = tuple[str | int, ...]


class EditError(ValueError):
    """The text cannot be changed at this place; the message says why."""


def put(text: str, path: Path, value: Any) -> str:
    """Set what a path names, making the mappings and lists on the way."""
    wanted = with_value(_load(text), path, value)
    return _proved(_put(text, _compose(text), path, wanted), wanted)


def take(text: str, path: Path) -> str:
    """Remove what a path names; the text is the same when there is nothing."""
    found = _load(text)
    if not _has(found, path):
        return text
    wanted = without(found, path)
    return _proved(_take(text, _compose(text), path, wanted), wanted)


def with_value(data: Any, path: Path, value: Any) -> Any:
    """Return data with one value set; what is in the way and cannot hold it is replaced."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        return _with_item(data, key, rest, value)
    if isinstance(key, int) and not isinstance(data, dict):
        return _with_item([], key, rest, value)
    known = data if isinstance(data, dict) else {}
    return {**known, str(key): with_value(known.get(key), rest, value)}


def _with_item(items: list[Any], key: str | int, rest: Path, value: Any) -> list[Any]:
    if not isinstance(key, int):
        raise EditError(f"'{key}' names no item of a list: write its number in brackets")
    if key > len(items):
        raise EditError(f"[{key}] is behind the end of the list, which has {len(items)} items")
    old = items[key] if key < len(items) else None
    return [*items[:key], with_value(old, rest, value), *items[key + 1 :]]


def without(data: Any, path: Path) -> Any:
    """Return data without what a path names."""
    changed = copy.deepcopy(data)
    holder = _at(changed, path[:-1])
    del holder[path[-1]]
    return changed


def _at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def _has(data: Any, path: Path) -> bool:
    try:
        _at(data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text) or {}


def _compose(text: str) -> Any:
    return YAML().compose(text)


def _proved(text: str, wanted: Any) -> str:
    """Return the new text if it says what it should: anchors and rare spellings do not survive every edit."""
    try:
        agrees = _load(text) == wanted
    except YAMLError:
        agrees = False
    if not agrees:
        raise EditError("the file is written in a way that cannot be changed in place; change it in an editor")
    return text


def _put(text: str, node: Any, path: Path, wanted: Any) -> str:
    if not _is_block(node, path[0]):
        return _rewritten(text, node, wanted)
    for depth, key in enumerate(path):
        known = path[: depth + 1]
        child = _child(node, key)
        if child is None:
            return _inserted(text, node, key, _at(wanted, known))
        if known == path or not _is_block(child, path[depth + 1]):
            return _replaced(text, node, key, _at(wanted, known))
        node = child
    raise AssertionError(path)


def _take(text: str, node: Any, path: Path, wanted: Any) -> str:
    if not _is_block(node, path[0]):
        return _rewritten(text, node, wanted)
    for depth, key in enumerate(path[:-1]):
        child: Any = _child(node, key)
        last = depth == len(path) - 2
        if not _is_block(child, path[depth + 1]) or (last and not _has_own_line(text, child, path[-1])):
            return _replaced(text, node, key, _at(wanted, path[: depth + 1]))
        node = child
    return _without_lines(text, node, path[-1])


def _is_block(node: Any, key: str | int) -> bool:
    """Tell whether a node has lines of its own for entries of this kind."""
    kind = SequenceNode if isinstance(key, int) else MappingNode
    return isinstance(node, kind) and not node.flow_style and bool(node.value)


def _has_own_line(text: str, node: Any, key: str | int) -> bool:
    """Tell whether an entry can go without anything else: the only one, and one behind a dash, cannot."""
    start = _entry_start(node, key)
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return len(node.value) > 1 and not before.strip(" -" if isinstance(node, SequenceNode) else " ")


def _entry_start(node: Any, key: str | int) -> int:
    found = node.value[key] if isinstance(node, SequenceNode) else _pair(node, key)[0]
    return int(found.start_mark.index)


def _pair(node: Any, key: str | int) -> tuple[Any, Any]:
    return next((name, value) for name, value in node.value if name.value == key)


def _child(node: Any, key: str | int) -> Any:
    if isinstance(node, SequenceNode):
        return node.value[key] if isinstance(key, int) and key < len(node.value) else None
    return next((value for name, value in node.value if name.value == key), None)


def _rewritten(text: str, node: Any, wanted: dict[str, Any]) -> str:
    """Write a whole document that is empty, or one line in braces; comments before it stay."""
    kept = text if node is None else text[: node.start_mark.index]
    kept = kept if not kept or kept.endswith("\n") else f"{kept}\n"
    return kept + "".join(f"{entry(key, value)}\n" for key, value in wanted.items())


def _inserted(text: str, node: Any, key: str | int, value: Any) -> str:
    """Add an entry below the last one."""
    column = node.start_mark.column
    lines = item(value) if isinstance(node, SequenceNode) else entry(str(key), value)
    end = _line_end(text, _end(text, node))
    return f"{text[:end]}\n{' ' * column}{indented(lines, column)}{text[end:]}"


def _replaced(text: str, node: Any, key: str | int, value: Any) -> str:
    """Write another value behind a key or a dash."""
    if isinstance(node, SequenceNode):
        found = node.value[key]
        start, column = found.start_mark.index, found.start_mark.column - 2
        return _spliced(text, start, _end(text, found), indented(item(value), column).removeprefix("- "))
    name, found = _pair(node, key)
    colon, column = _behind_colon(text, name), name.start_mark.column
    return _spliced(text, colon, _end(text, found, colon), indented(entry("k", value), column).removeprefix("k:"))


def _spliced(text: str, start: int, end: int, written: str) -> str:
    """Put a value in the place of another; a comment on its line stays on the first line."""
    line_end = _line_end(text, end)
    first, newline, others = written.partition("\n")
    return text[:start] + first + text[end:line_end] + newline + others + text[line_end:]


def _without_lines(text: str, node: Any, key: str | int) -> str:
    start = text.rfind("\n", 0, _entry_start(node, key)) + 1
    if isinstance(node, SequenceNode):
        end = _end(text, node.value[key])
    else:
        name, value = _pair(node, key)
        end = _end(text, value, _behind_colon(text, name))
    return text[:start] + text[_line_end(text, end) + 1 :]


def _end(text: str, node: Any, floor: int = 0) -> int:
    """Return where a node's own text ends, without the comments and empty lines that follow."""
    if isinstance(node, ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        if start == end:  # an empty value is said to stand at whatever comes next
            return floor or len(text[:start].rstrip())
        return int(start) + len(text[start:end].rstrip())
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    if isinstance(node, SequenceNode):
        return _end(text, node.value[-1])
    name, value = node.value[-1]
    return _end(text, value, _behind_colon(text, name))


def _behind_colon(text: str, name: Any) -> int:
    return text.index(":", name.end_mark.index) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found
