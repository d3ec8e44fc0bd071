"""The provider's second look at a declaration: values that were Outputs in the program are there now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.canonical import whole
from billing_resources._engine.marks import BOOKKEEPING
from billing_resources._engine.validation import problems

if TYPE_CHECKING:
    from billing_resources._engine.kind import Kind

PROVIDER = "__provider"


def check(kind: Kind, news: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The inputs as they are stored, and every problem as ``(property, sentence)``."""
    inputs = whole({name: value for name, value in news.items() if name != PROVIDER})
    declared = {name: value for name, value in inputs.items() if name not in BOOKKEEPING}
    return inputs, problems(kind, declared)


def sentence(problem: tuple[str, str]) -> str:
    """One problem as the engine shows it: it prints the value beside a property, so the path is in the text."""
    path, said = problem
    return f"{path} {said}" if path else said
