"""Values written as YAML, quoted as the Pulumi CLI quotes them."""

from __future__ import annotations

import io
import re
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

# Texts that some reader of YAML 1.1 or 1.2 takes for something else: booleans, nothing, numbers, times.
_AMBIGUOUS: Final = re.compile(
    r"|~|=|<<|y|n|yes|no|on|off|true|false|null|[-+]?\.(inf|nan)|[-+]?[.\d][\da-fox_.:+e-]*([ t][\d:.]+.*)?",
    re.IGNORECASE,
)


def entry(key: str, value: Any) -> str:
    """Return one entry of a mapping, over as many lines as it takes."""
    return _dumped({_scalar(key): _prepared(value)})


def item(value: Any) -> str:
    """Return one entry of a list, beginning with its dash."""
    lines = _dumped([_prepared(value)]).splitlines()
    return "\n".join(line.removeprefix("  ") for line in lines)


def indented(lines: str, column: int) -> str:
    """Move every line but the first to the right."""
    first, *others = lines.split("\n")
    return "\n".join([first, *(f"{' ' * column}{line}" if line else line for line in others)])


def _dumped(value: Any) -> str:
    writer = YAML()
    writer.width = 1 << 20
    writer.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    writer.dump(value, text)
    return text.getvalue().removesuffix("\n")


def _prepared(value: Any) -> Any:
    if isinstance(value, dict):
        return {_scalar(key): _prepared(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_prepared(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if _AMBIGUOUS.fullmatch(value):
        return DoubleQuotedScalarString(value)
    lines = value.split("\n")
    if len(lines) > 1 and all(line and line == line.strip() and line.isprintable() for line in lines):
        return LiteralScalarString(value)
    return DoubleQuotedScalarString(value) if not value.isprintable() else value
