"""stripe-mock, where `script/setup dev` built it: Stripe's own judge of requests.

https://github.com/stripe/stripe-mock
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

VERSION = "v0.197.0"
FOLDER = Path(sys.prefix) / f"stripe-mock-{VERSION}"
PROGRAM = FOLDER / "stripe-mock"
SPECIFICATION = FOLDER / "spec3.json"
MISSING = "stripe-mock is not installed: `script/setup dev` builds it where Go and a network are"

_LISTENS = re.compile(r"Listening for HTTP at address: (\S+)")
_HEADERS = {"Authorization": "Bearer sk_test_judged", "Content-Type": "application/x-www-form-urlencoded"}


def is_installed() -> bool:
    """Say whether there is a stripe-mock to ask."""
    return PROGRAM.exists() and SPECIFICATION.exists()


class Judge:
    """A stripe-mock that listens."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def refusal(self, method: str, path: str, query: str, body: str) -> str | None:
        """Send a request; return what stripe-mock has against it, or None."""
        address = quote(path) + (f"?{query}" if query else "")
        self._connection.request(method, address, body or None, _HEADERS)
        response = self._connection.getresponse()
        text = response.read().decode(errors="replace")
        return None if response.status == 200 else f"{response.status}: {_message(text)}"


@contextmanager
def running() -> Iterator[Judge]:
    """Run stripe-mock, and ask it."""
    with serving() as address, closing(http.client.HTTPConnection(address, timeout=60)) as connection:
        yield Judge(connection)


@contextmanager
def serving() -> Iterator[str]:
    """Run stripe-mock on a port of its own; yield its address."""
    # It listens for HTTPS in any case; not told where, it takes one and the same port each time.
    command = [str(PROGRAM), "-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            address = _address(process.stdout)
            reader = threading.Thread(target=process.stdout.read)  # a full pipe would stop it
            reader.start()
            yield address
        finally:
            process.kill()
        reader.join()


def _address(output: IO[str]) -> str:
    said = []
    for line in output:
        if found := _LISTENS.search(line):
            return found[1]
        said.append(line)
    message = f"stripe-mock did not start: {' '.join(said)}"
    raise RuntimeError(message)


def _message(text: str) -> str:
    """Take the sentence out of the answer, without the addresses in stripe-mock's memory."""
    try:
        said = str(json.loads(text)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        said = text
    return re.sub(r"validator 0x[0-9a-f]+ failed: ", "", said).removeprefix("Request validation error: ")
