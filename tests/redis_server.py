"""A real Redis server for the tests: Debian's, in a folder of its own, gone at the end."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

_SHORT = "/tmp"  # noqa: S108 - a folder of its own is made there; the path of a socket must be short
_READY = "ready to accept connections"

Fsync = Literal["always", "everysec", "no"]


def program() -> Path | None:
    """The server, if it is installed."""
    found = shutil.which("redis-server")
    return Path(found) if found else None


class Server:
    """One server with an append-only file, which can be killed and started again on what it wrote."""

    def __init__(self, binary: Path, folder: Path, sockets: Path, fsync: Fsync) -> None:
        self._socket = sockets / "redis.sock"  # a socket of its own: no port to fight for
        self._command = [str(binary), "--port", "0", "--unixsocket", str(self._socket), "--dir", str(folder)]
        self._command += ["--appendonly", "yes", "--appendfsync", fsync, "--save", ""]
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it listens, as redis.Redis.from_url takes it."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Begin to serve, unless it does; returns when it does."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        output = self._process.stdout
        assert output is not None
        if not any(_READY in line for line in output):
            message = "Redis did not start"
            raise RuntimeError(message)
        threading.Thread(target=_drain, args=(output,), daemon=True).start()

    def kill(self) -> None:
        """End it in the middle of whatever it does; `start` begins again with what is on disk."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def flush(self) -> None:
        """Make it forget everything."""
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushall()


def _drain(output: IO[str]) -> None:
    """Read what it says, so that it need not wait for a reader."""
    with output:
        for _ in output:
            pass


@contextmanager
def server(fsync: Fsync = "everysec", under: str | Path = _SHORT) -> Iterator[Server]:
    """Run a server with its data below a folder; the caller has made sure that there is a program."""
    binary = program()
    if binary is None:
        message = "Redis is not installed"
        raise FileNotFoundError(message)
    prefix = "billing-redis-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=under) as folder,
        tempfile.TemporaryDirectory(prefix=prefix, dir=_SHORT) as sockets,
    ):
        one = Server(binary, Path(folder), Path(sockets), fsync)
        one.start()
        try:
            yield one
        finally:
            one.kill()
