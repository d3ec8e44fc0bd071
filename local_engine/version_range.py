"""Version ranges, as programs demand them of the CLI (https://pkg.go.dev/github.com/blang/semver#ParseRange)."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPARISONS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    "==": operator.eq,
    "!": operator.ne,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_TERM = re.compile(r"(?P<sign>[=!<>]{0,2})\s*(?P<version>\d+\.\d+\.\d+)(?:[-+][0-9A-Za-z.+-]+)?")


def allows(text: str, version: str) -> bool:
    """Tell whether a version is in a range; one that cannot be read is a ValueError."""
    return any([_all_hold(part, version) for part in text.split("||")])  # noqa: C419 - every part must be readable


def _all_hold(part: str, version: str) -> bool:
    rest = part.strip()
    held = []
    while found := _TERM.match(rest):
        compare = _COMPARISONS.get(found["sign"])
        if compare is None:
            break
        held.append(compare(_numbers(version), _numbers(found["version"])))
        rest = rest[found.end() :].lstrip()
    if rest or not held:
        raise ValueError(f'Could not get version from string: "{rest or part}"')
    return all(held)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
