"""The `pulumi` command as a process: shown to the user, or asked for its answer."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from billing_cli.errors import OperationFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class PulumiProcess:
    """The user's own `pulumi`, run in the project."""

    command: str
    directory: Path

    def run(self, arguments: list[str]) -> int:
        """Run it with its own input, display and exit code."""
        alone = [] if sys.stdin.isatty() and sys.stdout.isatty() else ["--non-interactive"]
        line = [self.command, *alone, *arguments]
        with _left_to(child := []), subprocess.Popen(line, cwd=self.directory) as process:  # noqa: S603 - the user's
            child.append(process)
            return process.wait()

    def watched(self, arguments: list[str], take: Callable[[dict[str, Any]], None]) -> int:
        """Run it for its engine events; whatever else it prints is passed on."""
        line = [self.command, "--non-interactive", *arguments, "--json"]
        environ = {**os.environ, "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
        with (
            _left_to(child := []),
            subprocess.Popen(  # noqa: S603 - the user's own pulumi
                line, cwd=self.directory, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
            ) as process,
        ):
            child.append(process)
            for printed in process.stdout or ():
                event = _event(printed)
                if event is None:
                    click.echo(printed, nl=False)
                else:
                    take(event)
            return process.wait()

    def printed(self, arguments: list[str]) -> tuple[int, str]:
        """Run it for its exit code and all that it prints; its complaints go to the user."""
        line = [self.command, "--non-interactive", *arguments]
        with (
            _left_to(child := []),
            subprocess.Popen(  # noqa: S603 - the user's own pulumi
                line, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
            ) as process,
        ):
            child.append(process)
            text, _ = process.communicate()
            return process.returncode, text

    def asked(self, *arguments: str) -> str:
        """Run it for its answer."""
        done = subprocess.run(  # noqa: S603 - the user's own pulumi
            [self.command, "--non-interactive", *arguments],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            raise OperationFailed(f"pulumi {arguments[0]} failed: {said[0].removeprefix('error: ')}{_way_out(said[0])}")
        return done.stdout

    def has_stack(self, stack: str) -> bool:
        """Whether the project has state under this name."""
        listed = json.loads(self.asked("stack", "ls", "--json") or "[]")
        return any(one["name"].rpartition("/")[2] == stack for one in listed)


def _event(printed: str) -> dict[str, Any] | None:
    try:
        found = json.loads(printed)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "sequence" in found else None


def _way_out(said: str) -> str:
    """What to do about a state that cannot be read: the CLI names neither the file nor a way."""
    where = os.environ.get("PULUMI_BACKEND_URL", "")
    if not where.startswith("file:") or not re.search(r"JSON|json:|invalid character", said):
        return ""
    return f"; a state file below {where} is broken: restore it from the .json.bak beside it, nothing was changed"


@contextmanager
def _left_to(child: list[subprocess.Popen[Any]]) -> Iterator[None]:
    """Ctrl-C reaches the CLI as well: it ends in good order, and killing it meanwhile would leave a lock behind.

    SIGTERM reaches only us, and is handed on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hand_on(*_: object) -> None:
        for process in child:
            process.terminate()

    # Handlers, not SIG_IGN, which the child would inherit.
    interrupted = signal.signal(signal.SIGINT, lambda *_: None)
    terminated = signal.signal(signal.SIGTERM, hand_on)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupted)
        signal.signal(signal.SIGTERM, terminated)
