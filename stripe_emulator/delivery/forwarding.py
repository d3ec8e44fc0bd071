"""The forward table: which public address stands for which local one. Nothing is sent anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


class ForwardTable:
    """From the beginnings of addresses that endpoints have to those that are really called."""

    def __init__(self, table: Mapping[str, str] | None = None) -> None:
        self.table: dict[str, str] = {}
        self.add(table or {})

    def add(self, table: Mapping[str, str]) -> None:
        """Add lines or replace them, or raise ValueError with one sentence."""
        checked = {_beginning(public): _beginning(local) for public, local in table.items()}
        self.table.update(checked)

    def replace(self, table: Mapping[str, str]) -> None:
        """Have these lines and no others."""
        checked = ForwardTable(table)
        self.table = checked.table

    def address(self, url: str) -> str | None:
        """Return where an endpoint's address leads, or None; the longest line that fits counts."""
        written = urlsplit(url)
        whole = f"{written.scheme.lower()}://{written.netloc.lower()}{written.path or '/'}"
        lines = [public for public in self.table if whole == public or whole.startswith(f"{public.rstrip('/')}/")]
        if not lines:
            return None
        line = max(lines, key=len)
        query = f"?{written.query}" if written.query else ""
        return f"{self.table[line].rstrip('/')}{whole[len(line.rstrip('/')) :]}{query}"


def parse_line(text: str) -> tuple[str, str]:
    """Read `https://app.example.com=http://127.0.0.1:8000`, or raise ValueError with one sentence."""
    public, separator, local = text.partition("=http")
    if not separator:
        message = f"{text!r} does not say where to: give https://app.example.com=http://127.0.0.1:8000"
        raise ValueError(message)
    return _beginning(public), _beginning(f"http{local}")


def _beginning(url: str) -> str:
    """Return an address in its usual form, without a slash at its end."""
    written = _split(url)
    if written is None or written[0] not in ("http", "https") or not written[1]:
        message = f"{url!r} is no address: give http://… or https://… without a query"
        raise ValueError(message)
    scheme, netloc, path = written
    return f"{scheme}://{netloc}{path}".rstrip("/")


def _split(url: str) -> tuple[str, str, str] | None:
    try:
        written = urlsplit(url)
        _ = written.port  # reading it finds a port that is no number
    except (ValueError, AttributeError, TypeError):
        return None
    odd = written.query or written.fragment or "@" in written.netloc
    return None if odd else (written.scheme.lower(), written.netloc.lower(), written.path)
