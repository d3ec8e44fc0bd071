"""Problems of catalogs as people, programs and CI systems read them.

https://docs.github.com/actions/reference/workflow-commands, https://docs.gitlab.com/ci/testing/code_quality/
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from billing_resources.catalog.mending.located import Located

Found = Sequence["Located"]
_SECRET = re.compile(r"(sk|rk)_(test|live|org)_\w+|whsec_\w+")


def sentence(one: Located) -> str:
    """The problem without its file: the place, and what is wrong."""
    problem = one.problem
    said = f"{problem.path}: {problem.sentence}" if problem.place else problem.sentence
    return said if one.file == problem.source or not one.file else f"{problem.source}: {said}"


def as_text(found: Found, summary: str, *, with_source: bool = False) -> str:
    """One line for each problem, as compilers write them, and its fix below it."""
    lines: list[str] = []
    for one in found:
        spot = f"{one.file}:{one.line}:{one.column}" if one.line is not None else one.file or one.problem.source
        lines += [f"{spot}: {sentence(one)}", *(_source(one) if with_source else ()), f"  fix: {one.fix.text}"]
    return "\n".join([*lines, summary])


def at_terminal(found: Found, summary: str) -> str:
    """The same with the line that each problem is about."""
    return as_text(found, summary, with_source=True)


def _source(one: Located) -> list[str]:
    """The line with a mark below the column; what looks like a secret is not shown."""
    if not one.source_line.strip() or one.line is None or one.column is None:
        return []
    number = str(one.line)
    shown = _SECRET.sub("[secret]", one.source_line).replace("\t", " ")
    mark = " " * (len(number) + 3 + one.column - 1) + click.style("^", fg="red", bold=True)
    return [f"  {click.style(number, fg='cyan')} {shown}", mark]


def as_json(found: Found, summary: str) -> str:
    """For programs; the keys up to `message` are those of the first release."""
    del summary
    return json.dumps({"ok": not found, "problems": [_document(one) for one in found]}, indent=2, ensure_ascii=False)


def _document(one: Located) -> dict[str, Any]:
    problem, edit = one.problem, one.fix.edit
    replaced = {**vars(edit.span), "replacement": edit.replacement} if edit is not None else {}
    return {
        "source": problem.source,
        "line": problem.line,
        "column": problem.column,
        "path": problem.path,
        "message": problem.sentence,
        "location": {"file": one.file or None, "line": one.line, "column": one.column},
        "fix": {"text": one.fix.text, **replaced},
    }


def as_github(found: Found, summary: str) -> str:
    """Annotations of GitHub Actions; then how many, for the log."""
    lines = [f"::error {_properties(one)}::{_escaped(f'{sentence(one)}. Fix: {one.fix.text}')}" for one in found]
    return "\n".join([*lines, summary])


def _properties(one: Located) -> str:
    edit = one.fix.edit
    end = {"endLine": edit.span.end_line, "endColumn": edit.span.end_column} if edit is not None else {}
    spot = {"line": one.line, "col": one.column, **end} if one.line is not None else {}
    named = {"file": _from_root(one.file, "GITHUB_WORKSPACE"), **spot, "title": "billing check"}
    return ",".join(f"{name}={_escaped(str(value), inside=True)}" for name, value in named.items() if value)


def _escaped(text: str, *, inside: bool = False) -> str:
    pairs = [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")] + ([(":", "%3A"), (",", "%2C")] if inside else [])
    for plain, code in pairs:
        text = text.replace(plain, code)
    return text


def as_gitlab(found: Found, summary: str) -> str:
    """A code quality report of GitLab; a problem keeps its fingerprint when lines above it come and go."""
    del summary
    return json.dumps([_quality(one) for one in found], indent=2, ensure_ascii=False)


def _quality(one: Located) -> dict[str, Any]:
    path = _from_root(one.file, "CI_PROJECT_DIR") or one.problem.source
    identity = json.dumps([path, one.problem.source, one.problem.path, one.problem.sentence])
    return {
        "description": f"{sentence(one)}. Fix: {one.fix.text}",
        "check_name": "billing check",
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
        "severity": "blocker",
        "location": {"path": path, "lines": {"begin": one.line or 1}},
    }


def _from_root(file: str, variable: str) -> str:
    """The file as seen from the repository's root, which CI names in a variable."""
    root = os.environ.get(variable)
    if not file or not root:
        return file
    path = Path(file).absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


FORMS = ("text", "json", "github", "gitlab")
TERMINAL = "terminal"
FORMATS: dict[str, Callable[[Found, str], str]] = {
    "text": as_text,
    TERMINAL: at_terminal,
    "json": as_json,
    "github": as_github,
    "gitlab": as_gitlab,
}
"""Each form takes the problems and a sentence about all of them."""
