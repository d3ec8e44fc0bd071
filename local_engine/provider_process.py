"""The provider host, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from local_engine.errors import HostError
from local_engine.project import HOST_PACKAGE
from local_engine.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from local_engine.children import Child, Children
    from local_engine.project import Project
    from local_engine.stack_config import Config

UNLIMITED = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))
_LAST_MOMENT = 1.0  # seconds
_START_LIMIT = 60.0  # seconds a host may take to print its port
_PORTS = 1 << 16
_GO_ON = "What was finished is saved; run the command again."


class ProviderProcess:
    """One host process and the connection to it; every provider of a stack has its own."""

    provider: Provider

    def __init__(self, child: Child, children: Children, address: str, directory: Path) -> None:
        self._child = child
        self._children = children
        self._address = address
        self._directory = directory
        self._channel: grpc.Channel | None = None
        self._met = False

    def connect(self) -> None:
        """Wait until the host serves, and shake hands with it."""
        # A proxy in the environment must not come between us and our own machine.
        options = (*UNLIMITED, ("grpc.enable_http_proxy", 0))
        self._channel = grpc.insecure_channel(f"127.0.0.1:{_port(self._child)}", options=options)
        self.provider = Provider(ResourceProviderStub(self._channel), self._death)
        self.provider.shake_hands(self._address, self._directory)
        self._met = True

    def _death(self, method: str, lost: bool) -> str | None:
        """Say how the process ended, if it did; a connection is lost a moment before the process is gone."""
        code = self._child.exit_code(_LAST_MOMENT if lost else 0)
        if code is None and not lost:
            return None
        ending = "closed the connection" if code is None else _ending(code)
        return f"the provider host {ending} during {method}{_last_words(self._child)}. {_GO_ON}"

    def cancel(self) -> None:
        """Ask the host to end what it does; one that was never met is not asked."""
        if self._met:
            self.provider.cancel()

    def kill(self) -> None:
        """End the process without asking."""
        self._child.signal(signal.SIGKILL)

    def stop(self) -> None:
        """End the process the way the Pulumi engine does: Cancel, then SIGINT."""
        self.cancel()
        if self._channel is not None:
            self._channel.close()  # before the host hangs up, which gRPC would complain about
        self._children.stop(self._child)


def start_provider(
    children: Children,
    project: Project,
    *,
    address: str,
    config: Config,
    environ: Mapping[str, str],
    on_line: Callable[[str, bool], None],
) -> ProviderProcess:
    """Start the project's host, or Pulumi's own."""
    command = host_command(project, address)
    try:
        child = children.start(
            command,
            directory=project.program[0],
            environ=_environment(project, config, environ),
            on_line=on_line,
            skip=1,
        )
    except OSError as error:
        raise HostError(f"the provider host {command[0]} cannot be started: {error.strerror}.") from None
    return ProviderProcess(child, children, address, directory_of(project))


def host_command(project: Project, address: str) -> list[str]:
    """Return how the host is started."""
    if project.host is None:
        return [project.python, "-u", "-m", "pulumi.dynamic", address]
    if not os.access(project.host, os.X_OK):
        raise HostError(f"the provider host {project.host}, named in Pulumi.yaml, is not there or not executable.")
    return [str(project.host), address]


def directory_of(project: Project) -> Path:
    """Return the directory of the host's executable."""
    return project.host.parent if project.host is not None else project.directory


def _port(child: Child) -> int:
    line = child.first_line(_START_LIMIT)
    if line is not None and line.strip().isdecimal() and int(line) < _PORTS:
        return int(line)
    if line is not None:
        raise HostError(f"the provider host printed {line[:80]!r} instead of its port.")
    code = child.exit_code(_LAST_MOMENT)
    ending = "is silent" if code is None else _ending(code)
    raise HostError(f"the provider host {ending} without printing its port{_last_words(child)}.")


def _ending(code: int) -> str:
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _last_words(child: Child) -> str:
    said = [line.strip() for line in child.last_errors if line.strip()]
    return f"; its last words were: {said[-1]}" if said else ""


def _environment(project: Project, config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    found = {
        **environ,
        "PULUMI_CONFIG": json.dumps(config.of_namespace(HOST_PACKAGE)),
        "PULUMI_PROJECT": project.name,
        "PWD": str(project.program[0]),
    }
    if project.virtualenv is not None:
        found["PULUMI_RUNTIME_VIRTUALENV"] = str(project.virtualenv)
    return found
