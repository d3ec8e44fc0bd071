"""Plain HTTP over kept connections: as many requests as a server takes, and how long each of them took."""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: str = ""

    def written(self, host: str, key: str) -> bytes:
        """Return the request as it is sent."""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {host}",
            f"Authorization: Bearer {key}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(self.body)}",
        ]
        return "\r\n".join([*lines, "", self.body]).encode()


def form(method: str, path: str, **params: str) -> Ask:
    """Return a request with parameters, in the body of a POST and in the address of the others."""
    text = urlencode(params)
    if method == "POST":
        return Ask(method, path, text)
    return Ask(method, f"{path}?{text}" if text else path)


@dataclass(frozen=True)
class Run:
    """What came of it."""

    seconds: float
    latencies: list[float]

    @property
    def figures(self) -> tuple[float, float, float]:
        """Return requests per second, and the milliseconds in which half and 99 of 100 were answered."""
        ordered = sorted(self.latencies)
        middle, slow = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
        return len(ordered) / self.seconds, middle * 1000, slow * 1000


class Load:
    """One request, asked again and again."""

    def __init__(self, url: str, key: str, ask: Ask) -> None:
        address = urlsplit(url)
        self._address = (address.hostname or "", address.port or 80)
        self._written = ask.written(address.netloc, key)

    def run(self, requests: int, connections: int) -> Run:
        """Ask so often over so many connections, each of which waits for its answer."""
        latencies: list[float] = []
        with selectors.DefaultSelector() as selector:
            asked = 0
            for _ in range(min(connections, requests)):
                link = _Link(socket.create_connection(self._address))
                selector.register(link.socket, selectors.EVENT_READ, link)
                link.ask(self._written)
                asked += 1
            begun = time.perf_counter()
            while selector.get_map():
                for key, _ in selector.select():
                    link = key.data
                    if not link.read():
                        continue
                    latencies.append(time.perf_counter() - link.since)
                    if asked < requests:
                        asked += 1
                        link.ask(self._written)
                    else:
                        selector.unregister(link.socket)
                        link.socket.close()
            return Run(time.perf_counter() - begun, latencies)


def one(url: str, key: str, ask: Ask) -> None:
    """Ask once."""
    Load(url, key, ask).run(1, 1)


class _Link:
    """A connection with one request on its way."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self._buffer = b""

    def ask(self, written: bytes) -> None:
        self._buffer = b""
        self.since = time.perf_counter()
        self.socket.sendall(written)

    def read(self) -> bool:
        """Take what came; say whether the answer is whole."""
        received = self.socket.recv(262_144)
        if not received:
            message = "the server closed the connection"
            raise ConnectionError(message)
        self._buffer += received
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise ValueError(self._buffer.decode(errors="replace")[:400])
        return _whole(head.lower(), body)


def _whole(head: bytes, body: bytes) -> bool:
    _, found, rest = head.partition(b"content-length:")
    if found:
        return len(body) >= int(rest.split(b"\r\n", 1)[0])
    return body.endswith(b"0\r\n\r\n")  # in chunks
