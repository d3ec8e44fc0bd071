"""Plain requests read from a connection's bytes, and answers written: what every client of Stripe's sends.

Whatever is not plain (another address than Stripe's, an encoded path, a body in chunks, a head that makes one think)
is left to the web server's own parser, which knows all of HTTP.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from stripe_emulator.messages import Request, Response

LONGEST_HEAD = 16_384
LARGEST_BODY = 65_536

_LINE = re.compile(rb"(GET|POST|DELETE) (/v[12](?:/[A-Za-z0-9_\-:.]+)+)(?:\?([!-~]*))? HTTP/1\.1")
_ANY_LINE = re.compile(rb"[A-Z]{1,20} (?:/|http://)[!-~\x80-\xff]{0,8000} HTTP/1\.([01])")
_ANY_HEADER = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\x00\r\n]{0,8000}")
_HEADER = re.compile(r"([A-Za-z0-9\-_]+):[ \t]*([ -~]*?)[ \t]*")
_NOT_PLAIN = ("transfer-encoding", "expect", "upgrade", "content-encoding")
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class Head:
    """The first lines of a request, and how long it is as a whole."""

    request: Request
    body_at: int
    whole: int

    @property
    def stays_open(self) -> bool:
        """Say whether the connection is to be used again."""
        return self.request.headers.get("connection", "").lower() != "close"

    def with_body(self, received: bytearray) -> Request:
        """Return the whole request."""
        plain = self.request
        body = bytes(received[self.body_at : self.whole])
        return Request(plain.method, plain.path, plain.query, plain.headers, body)


def is_begun(received: bytearray) -> bool:
    """Say whether there may be more to come of the head."""
    return b"\r\n\r\n" not in received and len(received) < LONGEST_HEAD and received[:1].isalpha()


def is_malformed(received: bytearray) -> bool:
    """Say whether this is no HTTP, or more of it than anybody needs in a head."""
    head, end, _ = bytes(received[: LONGEST_HEAD + 4]).partition(b"\r\n\r\n")
    first, _, rest = head.partition(b"\r\n")
    lines = rest.decode("latin-1").split("\r\n") if rest else []
    line = _ANY_LINE.fullmatch(first)
    if not end or line is None or not all(map(_ANY_HEADER.fullmatch, lines)):
        return True
    lengths = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("content-length:")]
    hosts = sum(line.lower().startswith("host:") for line in lines)
    is_named = hosts == 1 or (hosts == 0 and line[1] == b"0")
    return not is_named or len(lengths) > 1 or not all(one.isdigit() for one in lengths)


def read_head(received: bytearray) -> Head | None:
    """Return the head of a plain request, or None for every other one."""
    end = received.find(b"\r\n\r\n", 0, LONGEST_HEAD)
    if end < 0:
        return None
    first, _, rest = bytes(received[:end]).partition(b"\r\n")
    line = _LINE.fullmatch(first)
    headers = _headers(rest.decode("latin-1"))
    if line is None or b"/." in line[2] or headers is None:
        return None
    length = headers.get("content-length", "0")
    if not length.isdigit() or len(length) > 7 or int(length) > LARGEST_BODY:
        return None
    method, path, query = line[1].decode(), line[2].decode(), (line[3] or b"").decode()
    return Head(Request(method, path, query, headers), end + 4, end + 4 + int(length))


def _headers(text: str) -> dict[str, str] | None:
    headers: dict[str, str] = {}
    for line in text.split("\r\n") if text else ():
        found = _HEADER.fullmatch(line)
        name = found[1].lower() if found else ""
        if found is None or name in headers or name in _NOT_PLAIN:
            return None
        headers[name] = found[2]
    return headers


def written(response: Response) -> bytes:
    """Return an answer as it is sent."""
    return head_of(response) + response.body


def head_of(response: Response) -> bytes:
    """Return the head of an answer, which says how long its body will be."""
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(response.body)}", "", ""]).encode("latin-1", errors="replace")
