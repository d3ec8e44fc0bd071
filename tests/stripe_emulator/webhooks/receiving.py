"""A real HTTP server that receives deliveries, and answers them as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def signature(self) -> str:
        """The header that proves where it comes from."""
        return self.headers["stripe-signature"]

    @property
    def event(self) -> dict[str, Any]:
        """The body, read."""
        return dict(json.loads(self.body))


class Receiver:
    """Answers 200 unless other answers were asked for; holds requests while its gate is closed."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[int] = []
        """What the next ones are answered."""
        self.usual = 200
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Semaphore(0)
        self.url = ""

    @property
    def types(self) -> list[str]:
        """The types of the events, in the order of arrival."""
        return [one.event["type"] for one in self.received]

    @property
    def ids(self) -> list[str]:
        """The ids of the events, in the order of arrival."""
        return [one.event["id"] for one in self.received]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        body = handler.rfile.read(int(handler.headers["content-length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.received.append(Received(handler.path, headers, body))
        status = self.answers.pop(0) if self.answers else self.usual
        self.arrived.release()
        self.gate.wait()
        handler.send_response(status)
        if 300 <= status < 400:
            handler.send_header("Location", f"{self.url}/elsewhere")
        text = b"" if status == 204 else b"ok"
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """Receive on a port of this machine, until the end of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """The output of the tests is quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A sender that was killed is no error of this server."""

    with Server(("127.0.0.1", port), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.gate.set()
            server.shutdown()
            thread.join()
