"""The expressions of GitHub Actions, as far as these workflows use them.

https://docs.github.com/actions/reference/evaluate-expressions-in-workflows-and-actions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_IN_TEXT = re.compile(r"\${{(.*?)}}")
_NAME = re.compile(r"'[^']*'|[a-z_]+(?:\.[A-Za-z_][\w-]*)+")


def filled_in(text: str, contexts: Mapping[str, Any]) -> str:
    """The text with its expressions replaced by their values; what is not there is nothing."""
    return _IN_TEXT.sub(lambda found: str(evaluated(found[1], contexts)), text)


def holds(condition: str, contexts: Mapping[str, Any]) -> bool:
    """Whether a job or a step is to be run."""
    return bool(evaluated(condition.strip().removeprefix("${{").removesuffix("}}"), contexts))


def evaluated(expression: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression of names, texts, ==, !=, !, &&, || and brackets."""
    python = _NAME.sub(lambda found: found[0] if found[0][0] == "'" else repr(_value(found[0], contexts)), expression)
    python = python.replace("&&", " and ").replace("||", " or ").replace("!(", " not (")
    return eval(python.strip(), {"__builtins__": {}})  # noqa: S307 - our own workflow, its names replaced by texts


def _value(name: str, contexts: Mapping[str, Any]) -> Any:
    found: Any = contexts
    for step in name.split("."):
        found = found.get(step, "") if isinstance(found, Mapping) else ""
    return found
