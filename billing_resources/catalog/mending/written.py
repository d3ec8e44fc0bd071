"""What stands where in a YAML file: the stretch of each key and of each plain value. https://yaml.org/spec/1.2.2/"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from billing_resources._engine.validation import Place
from billing_resources.catalog.mending.fix import Span

_ESCAPES = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What ruamel lets through besides its own errors, for input that no person writes."""


@dataclass(frozen=True)
class Written:
    """A file's lines, and the stretches of its keys and of its values that are no lists or mappings."""

    lines: tuple[str, ...] = ()
    keys: dict[Place, Span] = field(default_factory=dict)
    values: dict[Place, Span] = field(default_factory=dict)

    def text(self, span: Span) -> str:
        """What stands there; nothing for what goes over several lines."""
        if span.line != span.end_line or span.line > len(self.lines):
            return ""
        return self.lines[span.line - 1][span.column - 1 : span.end_column - 1]


def read_written(text: str) -> Written:
    """The stretches of a text; none where it is no YAML."""
    found = Written(tuple(text.splitlines()))
    try:
        node = YAML(typ="rt", pure=True).compose(text)
        _walk(node, (), found, [])
    except (YAMLError, *_ESCAPES):
        return Written(found.lines)
    return found


def _walk(node: Any, place: Place, found: Written, around: list[Any]) -> None:
    if node in around:  # an alias inside of what it stands for
        return
    if isinstance(node, ScalarNode):
        found.values.setdefault(place, _span(node))
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            if inner not in found.keys:  # of a key that is written twice, the first one counts
                found.keys[inner] = _span(key)
                _walk(value, inner, found, [*around, node])
    elif isinstance(node, SequenceNode):
        for index, part in enumerate(node.value):
            _walk(part, (*place, index), found, [*around, node])


def _span(node: Any) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
