"""Texts of several lines, old and new: what differs, with two lines around it."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from billing_cli.view.values import visible

if TYPE_CHECKING:
    from billing_cli.view.writer import Writer

_AROUND = 2


def write_text_lines(pen: Writer, old: str, new: str) -> None:
    """Write both, line by line; far from a change only `...`."""
    before, after = old.split("\n"), new.split("\n")
    parts = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for index, (kind, begin, end, new_begin, new_end) in enumerate(parts):
        if kind == "equal":
            _unchanged(pen.doing("same", signed=False), before[begin:end], index == 0, index == len(parts) - 1)
        else:
            _lines(pen.doing("delete"), before[begin:end])
            _lines(pen.doing("create"), after[new_begin:new_end])


def _unchanged(pen: Writer, lines: list[str], first: bool, last: bool) -> None:
    told = [line for line in lines if line.strip()]
    most = _AROUND + 1 if first or last else 2 * _AROUND + 1
    if len(told) <= most:
        _lines(pen, told)
        return
    if not first:
        _lines(pen, told[:_AROUND])
    pen.begin("...\n")
    if first or not last:
        _lines(pen, told[-_AROUND:])


def _lines(pen: Writer, lines: list[str]) -> None:
    for line in lines:
        if line.strip():
            pen.begin(f"{visible(line)}\n")
