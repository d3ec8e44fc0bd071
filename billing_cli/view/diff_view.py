"""The view of `--diff`: every resource that changes, with its id, its URN and each property, as Pulumi writes it."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from billing_cli.names import name_of
from billing_cli.view.changes import compare_objects
from billing_cli.view.detailed import translate
from billing_cli.view.outputs import write_outputs
from billing_cli.view.property_lines import write_changes, write_object
from billing_cli.view.step import Step
from billing_cli.view.words import OPERATIONS, REPLACING, RETAINING
from billing_cli.view.writer import Writer, indentation

_ITS_OWN = frozenset({"create", "delete", "delete-replaced", "discard", "discard-replaced"})


class DiffView:
    """Turns steps into text, in the order in which they happen."""

    def __init__(self, *, preview: bool) -> None:
        self._preview = preview
        self._seen: dict[str, Step] = {}

    def began(self, step: Step) -> Text:
        """Tell of a step that begins; what only the provider knows is told when it has answered."""
        self._seen[step.urn] = step
        if step.operation in {"refresh", "import"} or not _is_told(step):
            return Text()
        return self._header(step) + self._differences(step)

    def ended(self, step: Step) -> Text:
        """Tell what came out of a step."""
        if not _is_told(step):
            return Text()
        begun = self._seen.get(step.urn)
        refreshed = begun is not None and begun.operation == "refresh"
        if step.operation == "import" or (refreshed and step.operation == "update"):
            return self._header(step) + self._differences(step, refresh=refreshed)
        outputs = self._outputs(step, refresh=refreshed)
        late = refreshed and (step.operation != "refresh" or bool(outputs) or step.is_stack)
        return (self._header(step) if late else Text()) + outputs

    def _depth(self, step: Step) -> int:
        depth, inner = 0, step
        while not inner.is_stack and (parent := self._seen.get(inner.parent)) is not None:
            depth += _is_told(parent)
            inner = parent
        return depth

    def _header(self, step: Step) -> Text:
        depth, words = self._depth(step), OPERATIONS[step.operation]
        retained = "[retain]" if step.is_retained and step.operation in RETAINING else ""
        kind = step.metadata["type"]
        pen = Writer(Text(), depth + 1, step.operation if step.operation in _ITS_OWN else "same")
        pen.doing(step.operation).write(
            f"{indentation(depth)}{words.sign:<2}{kind}: ({step.operation}{retained}){_lock(step)}\n"
        )
        if step.old.get("id"):
            pen.begin(f"[id={step.old['id']}]\n")
        pen.begin(f"[urn={step.urn}]\n")
        _provider(pen, step)
        return pen.out

    def _differences(self, step: Step, *, refresh: bool = False) -> Text:
        pen = Writer(Text(), self._depth(step) + 1, step.operation)
        if step.operation == "same":
            return pen.out
        if step.metadata.get("detailedDiff") is not None:
            _detailed(pen, step, refresh=refresh)
        elif step.old and step.new:
            _compared(pen, step)
        else:
            found = step.new.get("outputs") or step.new.get("inputs") or step.old.get("inputs")
            write_object(pen, found or {})
        return pen.out

    def _outputs(self, step: Step, *, refresh: bool) -> Text:
        pen = Writer(Text(), self._depth(step) + 1, step.operation)
        outputs = write_outputs(pen, step, preview=self._preview, refresh=refresh)
        if outputs:
            pen.write(f"{indentation(pen.depth)}--outputs:--\n")
            pen.out.append_text(outputs)
        return pen.out


def _is_told(step: Step) -> bool:
    if step.is_stack:
        return True
    if step.operation == "same":
        return step.changes_protection
    return bool(step.metadata.get("logical")) or step.operation not in REPLACING


def _lock(step: Step) -> str:
    was, is_now = step.old.get("protect"), step.new.get("protect")
    if step.new and was and not is_now:
        return " 🔓"
    return " 🔒" if was or is_now else ""


def _provider(pen: Writer, step: Step) -> None:
    """Name a provider that is not the usual one, or is another than before."""
    before, after = (str(side.get("provider") or "") for side in (step.old, step.new))
    if step.old and step.new and before != after:
        pen.doing("update", signed=False).begin(f"[provider: {before} => {after}]\n")
    elif step.metadata.get("provider") and _named(step.metadata["provider"]) != "default":
        pen.begin(f"[provider={step.metadata['provider']}]\n")


def _named(provider: str) -> str:
    return name_of(provider).rpartition("::")[0]


def _detailed(pen: Writer, step: Step, *, refresh: bool) -> None:
    changes = translate(step.metadata, refresh=refresh)
    if changes:
        write_changes(pen.doing("update"), changes)
    else:
        write_object(pen.doing("same"), _inputs(step.old))


def _compared(pen: Writer, step: Step) -> None:
    """Compare what the provider said nothing about."""
    of_outputs = bool(step.new.get("outputs")) and step.operation not in {"import", "import-replacement"}
    side = "outputs" if of_outputs else "inputs"
    old, new = step.old.get(side) or {}, step.new.get(side) or {}
    changes = compare_objects(old, new)
    told = step.metadata.get("diffs")
    if not changes:
        write_object(pen.doing("same"), new)
    elif of_outputs or not told:
        write_changes(pen.doing("update"), changes)
    else:
        write_changes(pen.doing("update"), changes.only(told))


def _inputs(state: dict[str, Any]) -> dict[str, Any]:
    return dict(state.get("inputs") or {})
