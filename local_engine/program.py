"""The user's program, as a process of its own."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from local_engine.errors import ProgramError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local_engine.children import Child, Children
    from local_engine.project import Project
    from local_engine.stack_config import Config

_LAUNCHER = Path(__file__).with_name("launcher.py")
_SHOWN = 32  # what launcher.SHOWN says: the program's error has been logged already
_NO_SDK = 33  # what launcher.NO_SDK says: this interpreter cannot import pulumi


class Program:
    """One run of the program."""

    def __init__(self, children: Children, on_line: Callable[[str, bool], None]) -> None:
        self._child: Child
        self._python = ""
        self._children = children
        self._on_line = on_line
        self.interrupted = False

    def start(self, command: list[str], directory: Path, environ: Mapping[str, str]) -> None:
        """Start the process."""
        self._python = command[0]
        self._child = self._children.start(command, directory=directory, environ=environ, on_line=self._hear)

    def _hear(self, text: str, error: bool) -> None:
        """Pass a line on; what a program says because it was interrupted is of no interest."""
        if not self.interrupted:
            self._on_line(text, error)

    def wait(self) -> str | None:
        """Wait for the end; return what to report, an empty text when the user knows, nothing when all is well."""
        code = self._child.wait()
        self._children.forget(self._child)
        if code == 0 or self.interrupted:
            return None
        return "" if code == _SHOWN else _unhandled(code, self._python)

    def interrupt(self) -> None:
        """Tell the program that it is no longer needed."""
        self.interrupted = True
        if self._child.process.poll() is None:
            self._child.signal(signal.SIGINT)

    def stop(self) -> None:
        """See to it that the program has ended."""
        self.interrupted = True
        self._children.stop(self._child)


def _unhandled(code: int, python: str) -> str:
    if code == _NO_SDK:
        return f"the Pulumi SDK is not installed for {python}; install it with `{python} -m pip install pulumi`."
    if code < 0:
        return f"an unhandled error occurred: program was ended by signal {-code}"
    return f"an unhandled error occurred: program exited with non-zero exit code: {code}"


def start_program(  # noqa: PLR0913 - one argument per thing a program is told
    children: Children,
    project: Project,
    *,
    stack: str,
    address: str,
    config: Config,
    parallel: int,
    dry_run: bool,
    environ: Mapping[str, str],
    on_line: Callable[[str, bool], None],
) -> Program:
    """Start the program; it calls back at the address."""
    if not project.main.exists():
        raise ProgramError(f"{project.main}, named as 'main' in Pulumi.yaml, is not there; correct the path.")
    directory, main = project.program
    command = [project.python, "-P", "-u", str(_LAUNCHER), "--monitor", address, "--engine", address]
    command += ["--project", project.name, "--root_directory", str(project.directory), "--stack", stack]
    command += ["--pwd", str(directory), "--dry_run", str(dry_run).lower(), "--parallel", str(parallel)]
    command += ["--organization", "organization", main]
    program = Program(children, on_line)
    try:
        program.start(command, directory, _environment(project, config, environ))
    except OSError as error:
        raise ProgramError(f"the program cannot be started with {project.python}: {error.strerror}.") from None
    return program


def _environment(project: Project, config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    found = {**environ, "PULUMI_CONFIG_SECRET_KEYS": json.dumps(sorted(config.secret_keys))}
    if config.values:
        found["PULUMI_CONFIG"] = json.dumps(config.values)
    if project.virtualenv is not None and project.virtualenv.exists():
        found["VIRTUAL_ENV"] = str(project.virtualenv)
        found["PATH"] = f"{project.virtualenv / 'bin'}:{environ.get('PATH', '')}"
    return found
