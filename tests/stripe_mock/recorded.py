"""What emulators recorded (`EMULATED_STRIPE_RECORD`): one request of each shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

Pair = tuple[str, str]

_BRACKET = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Recorded:
    """One request, as it was sent."""

    operation: str
    method: str
    path: str
    query: tuple[Pair, ...]
    body: tuple[Pair, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every name with its value."""
        return self.query + self.body

    def without(self, unwanted: Iterable[Pair]) -> Recorded:
        """Return the same request with fewer parameters."""
        gone = set(unwanted)
        left = [tuple(pair for pair in pairs if pair not in gone) for pairs in (self.query, self.body)]
        return replace(self, query=left[0], body=left[1])

    def sent(self) -> tuple[str, str, str, str]:
        """Return method, path, query and body for the wire."""
        return self.method, self.path, urlencode(self.query), urlencode(self.body)


def segments(name: str) -> list[str]:
    """Take a name apart: `items[0][price]` is items, 0, price."""
    head, _, rest = name.partition("[")
    return [head, *_BRACKET.findall(f"[{rest}")]


def read(folder: Path) -> list[Recorded]:
    """Return the distinct requests of a folder, in order of their operations."""
    found: dict[str, Recorded] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found.setdefault(entry["shape"], recorded(entry))
    return [found[shape] for shape in sorted(found)]


def recorded(entry: dict[str, str]) -> Recorded:
    """Read one line; the body of a v2 request is JSON, and nobody here can judge it."""
    body = "" if entry["path"].startswith("/v2/") else entry["body"]
    return Recorded(entry["route"], entry["method"], entry["path"], _pairs(entry["query"]), _pairs(body))


def _pairs(text: str) -> tuple[Pair, ...]:
    return tuple(parse_qsl(text, keep_blank_values=True))
