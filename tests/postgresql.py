"""A real PostgreSQL server for the tests: Debian's, in a folder of its own, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

_DEBIAN = Path("/usr/lib/postgresql")
_SHORT = "/tmp"  # noqa: S108 - a folder of its own is made there; the path of a socket must be short
_SETTINGS = {
    "listen_addresses": "''",  # a socket in the server's own folder: no port to fight for
    "max_connections": "300",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    versions = sorted(_DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]), reverse=True)
    return versions[0].parent if versions else None


class Server:
    """One running server, and as many empty databases as are asked for."""

    def __init__(self, bin_folder: Path, folder: Path, sockets: Path) -> None:
        self._bin, self.folder, self._sockets = bin_folder, folder, sockets
        self._user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root

    def start(self) -> None:
        """Begin to serve."""
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        log = str(self.folder / "log")
        self._run(
            "pg_ctl",
            "-D",
            str(self._data),
            "-w",
            "-t",
            "240",
            "-l",
            log,
            "-o",
            f"{options} -k {self._sockets}",
            "start",
        )

    def create(self) -> None:
        """Make the data folder."""
        if self._user is not None:
            shutil.chown(self.folder, self._user)
            shutil.chown(self._sockets, self._user)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8")

    def stop(self, mode: str = "fast") -> None:
        """Stop serving; `immediate` is a crash."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", mode, "stop")

    def database(self) -> str:
        """The address of a new, empty schema: made at once, where a database of its own takes a moment and 7 MB."""
        import psycopg

        name, address = f"test_{uuid4().hex}", f"postgresql://postgres@/postgres?host={self._sockets}"
        with psycopg.connect(address) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"{address}&options=-csearch_path%3D{name}"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=self.folder)


@contextmanager
def server(under: str | Path = _SHORT) -> Iterator[Server]:
    """Run a server with its data below a folder; the caller has made sure that there are programs."""
    folder = programs()
    if folder is None:
        message = "PostgreSQL is not installed"
        raise FileNotFoundError(message)
    with _folder(under) as place, _folder(_SHORT) as sockets:
        one = Server(folder, Path(place), Path(sockets))
        one.create()
        one.start()
        try:
            yield one
        finally:
            one.stop("immediate")


def _folder(under: str | Path) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="billing-pg-", dir=under)
