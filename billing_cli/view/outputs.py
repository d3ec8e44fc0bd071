"""What came out of a resource or of the stack, beside what went in; on the stack, old => new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.text import Text

from billing_cli.view.changes import Changes, compare, compare_objects
from billing_cli.view.property_lines import write_changed_property, write_property
from billing_cli.view.step import PREVIEWED
from billing_cli.view.values import UNKNOWN, is_internal, is_told
from billing_cli.view.writer import STEP

if TYPE_CHECKING:
    from billing_cli.view.step import Step
    from billing_cli.view.writer import Writer


def write_outputs(pen: Writer, step: Step, *, preview: bool, refresh: bool = False, longest: int | None = None) -> Text:
    """Write the outputs that are worth a line; a preview knows only those of the stack and of what it reads."""
    out = Text()
    if preview and not (refresh or step.is_stack or step.operation in PREVIEWED):
        return out
    if step.old.get("initErrors"):
        return out
    outputs = step.new.get("outputs") or {}
    changes = _compared(step, outputs, preview=preview)
    everything = step.is_stack and not preview
    if changes is not None and not changes and not everything:
        return out
    for name in _told(step, outputs, changes, refresh=refresh, everything=everything):
        whole = _written(pen, name, outputs, changes)
        out.append_text(whole if longest is None else _brief(pen, name, outputs, changes, whole, longest))
    return out


def _compared(step: Step, outputs: dict[str, Any], *, preview: bool) -> Changes | None:
    """Compare with the outputs before, if there were any."""
    if step.metadata.get("old") is None:
        return None
    changes = compare_objects(step.old.get("outputs") or {}, outputs)
    if preview and step.is_stack:
        _forget_unknowns(changes)
    return changes


def _forget_unknowns(changes: Changes) -> None:
    """Leave out what a preview cannot say: every output that is known later would look like a change."""
    for change in changes.updated.values():
        if change.inner is not None:
            _forget_unknowns(change.inner)
    if not changes.is_list:
        changes.updated = {key: one for key, one in changes.updated.items() if one.new != UNKNOWN}


def _told(
    step: Step, outputs: dict[str, Any], changes: Changes | None, *, refresh: bool, everything: bool
) -> list[str]:
    names = sorted(outputs) if not changes else [str(key) for key in changes.keys]
    inputs = {} if refresh else step.new.get("inputs") or {}
    found = []
    for name in names:
        if not changes and (is_internal(name) or not is_told(outputs[name])):
            continue
        if name in inputs and compare(outputs.get(name), inputs[name]) is None:
            continue
        if everything or not changes or changes.has_changed(name):
            found.append(name)
    return found


def _written(pen: Writer, name: str, outputs: dict[str, Any], changes: Changes | None) -> Text:
    pen = pen.on(Text())
    if changes:
        write_changed_property(pen, name, changes, max(len(str(key)) for key in changes.keys))
    else:
        write_property(pen, name, outputs[name], max(map(len, outputs)))
    return pen.out


def _brief(pen: Writer, name: str, outputs: dict[str, Any], changes: Changes | None, whole: Text, longest: int) -> Text:
    """Of a long one write only what changes, and not all of that if it is long still."""
    if len(whole.split("\n", allow_blank=False)) <= longest:
        return whole
    if changes and name in changes.updated:
        whole = _written(replace(pen, changes_only=True), name, outputs, changes)
    lines = list(whole.split("\n", include_separator=True, allow_blank=False))
    if len(lines) <= longest:
        return whole
    if changes and changes.has_changed(name):
        left = f"{STEP * pen.depth}… {len(lines) - longest} more lines: --diff tells them\n"
        return Text("").join([*lines[:longest], Text(left, "dim")])
    lines[0].rstrip()
    closing = lines[-1].plain.strip()
    return lines[0].append(f" … {closing}").append(f"  {len(lines) - 2} lines: --diff tells them\n", "dim")
