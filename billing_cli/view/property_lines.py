"""Properties line by line, as Pulumi's diff view writes them: aligned, nested, old => new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_cli.view.changes import Change, Changes, Key, compare
from billing_cli.view.embedded import Document, embedded
from billing_cli.view.text_lines import write_text_lines
from billing_cli.view.values import UNKNOWN, is_internal, is_primitive, is_secret, is_told, primitive, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_cli.view.writer import Writer

    Title = Callable[[Writer], None]


def write_object(pen: Writer, properties: dict[str, Any]) -> None:
    """Write all properties of an object that is new, gone or the same as a whole."""
    width = max(map(len, properties), default=0)
    for name in sorted(properties):
        if not is_internal(name):
            write_property(pen, name, properties[name], width)


def write_property(pen: Writer, name: str, value: Any, width: int) -> None:
    """Write one property."""
    _whole(pen, value, _named(name, width))


def write_changes(pen: Writer, changes: Changes) -> None:
    """Write the differences between two objects."""
    width = max((len(str(key)) for key in changes.keys), default=0)
    for key in changes.keys:
        write_changed_property(pen, key, changes, width)


def write_changed_property(pen: Writer, key: Key, changes: Changes, width: int) -> None:
    """Write one property of two objects that differ."""
    title = _named(str(key), width)
    if not changes.has_changed(key):
        if is_told(changes.same.get(key)) and not pen.changes_only:
            _whole(pen.doing("same", signed=False), changes.same[key], title)
    else:
        _difference(pen, key, changes, title)


def _difference(pen: Writer, key: Key, changes: Changes, title: Title) -> None:
    if key in changes.added:
        _whole(pen.doing("create"), changes.added[key], title)
    elif key in changes.deleted:
        _whole(pen.doing("delete"), changes.deleted[key], title)
    else:
        _change(pen.doing("update"), changes.updated[key], title)


def _named(name: str, width: int) -> Title:
    return lambda pen: pen.begin(f"{visible(name):<{width}}: ")


def _numbered(index: Key) -> Title:
    return lambda pen: pen.deeper(-1).begin(f"[{index}]: ")


def _untitled(_: Writer) -> None:
    return


def _whole(pen: Writer, value: Any, title: Title) -> None:
    title(pen)
    _value(pen, value)
    pen.write("\n")


def _value(pen: Writer, value: Any) -> None:
    document = embedded(value) if isinstance(value, str) else None
    if document is not None:
        pen.write(f"({document.language}) ")
        _value(pen, document.value)
        pen.write("\n")  # Pulumi leaves a line free below a document
    elif is_primitive(value) or not value:
        pen.write(primitive(value) if is_primitive(value) else "{}" if isinstance(value, dict) else "[]")
    elif isinstance(value, dict):
        pen.write("{\n")
        write_object(pen.deeper(1), value)
        pen.end("}")
    else:
        pen.write("[\n")
        for index, element in enumerate(value):
            pen.begin(f"    [{index}]: ")
            _value(pen.deeper(1), element)
            pen.write("\n")
        pen.end("]")


def _change(pen: Writer, change: Change, title: Title) -> None:
    if change.inner is not None:
        title(pen)
        _nested(pen, change.inner)
    elif all(is_told(side) and is_primitive(side) for side in (change.old, change.new)):
        title(pen)
        _primitives(pen, change.old, change.new)
    else:
        if is_told(change.old):
            _whole(pen.doing("delete"), change.old, title)
        if is_told(change.new):
            _whole(pen.doing("create"), change.new, title)


def _nested(pen: Writer, inner: Changes) -> None:
    opening, closing = "[]" if inner.is_list else "{}"
    pen.write(f"{opening}\n")
    if inner.is_list:
        _elements(pen.deeper(2), inner)
    else:
        write_changes(pen.deeper(1), inner)
    pen.end(f"{closing}\n")


def _elements(pen: Writer, inner: Changes) -> None:
    for index in inner.keys:
        if inner.has_changed(index):
            _difference(pen, index, inner, _numbered(index))
        elif not pen.changes_only:
            _whole(pen.doing("same", signed=False), inner.same[index], _numbered(index))


def _primitives(pen: Writer, old: Any, new: Any) -> None:
    if all(isinstance(side, str) and not is_secret(side) and side != UNKNOWN for side in (old, new)):
        _texts(pen, old, new)
    else:
        _one_line(pen, old, new)


def _one_line(pen: Writer, old: Any, new: Any) -> None:
    pen.doing("delete").write(primitive(old))
    pen.write(" => ")
    pen.doing("create").write(primitive(new))
    pen.write("\n")


def _texts(pen: Writer, old: str, new: str) -> None:
    documents = embedded(old), embedded(new)
    if documents[0] and documents[1] and documents[0].value != documents[1].value:
        _documents(pen, documents[0], documents[1])
    elif "\n" in old + new and not all(documents):
        pen.write("\n")
        write_text_lines(pen.deeper(1), old, new)
    else:
        _one_line(pen, old, new)


def _documents(pen: Writer, old: Document, new: Document) -> None:
    languages = dict.fromkeys((old.language, new.language))
    pen.write(f"({' => '.join(languages)}) ")
    change = compare(old.value, new.value)
    if change is not None:
        _change(pen, change, _untitled)
