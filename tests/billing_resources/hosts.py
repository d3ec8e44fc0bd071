"""Starting a host as the engine does: ours in this process or in one of its own, and Pulumi's stock host."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from billing_resources.host import THREADS, Host

OURS = (sys.executable, "-u", "-m", "billing_resources.host", "127.0.0.1:1")
STOCK = (sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1")
Start = Callable[[], AbstractContextManager[Any]]


@contextmanager
def connected(port: int) -> Iterator[Any]:
    """A stub that speaks to the host at this port."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


@contextmanager
def in_process() -> Iterator[Any]:
    """Our host in a thread pool of this process, with a session of its own."""
    server = grpc.server(futures.ThreadPoolExecutor(THREADS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Host(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with connected(port) as stub:
            yield stub
    finally:
        server.stop(grace=None).wait()


@dataclass(frozen=True)
class HostProcess:
    """A host that runs in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def interrupt(self) -> tuple[int, str]:
        """End it as the engine does; answers its exit code and everything it said."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate()
        return self.process.returncode, out + err


@contextmanager
def process(command: tuple[str, ...] = OURS, environ: Mapping[str, str] | None = None) -> Iterator[HostProcess]:
    """A host's process; it is killed at the end if it still runs."""
    env = {**os.environ, "PULUMI_PROJECT": "billing", **(environ or {})}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, env=env, stdout=pipe, stderr=pipe) as started:
        try:
            assert started.stdout is not None
            yield HostProcess(started, int(started.stdout.readline()))
        finally:
            started.kill()


@contextmanager
def ours() -> Iterator[Any]:
    """Our host in its own process."""
    with process(OURS) as host, connected(host.port) as stub:
        yield stub


@contextmanager
def stock() -> Iterator[Any]:
    """Pulumi's stock host."""
    with process(STOCK) as host, connected(host.port) as stub:
        yield stub


COMMANDS: dict[Start, tuple[str, ...]] = {in_process: OURS, ours: OURS, stock: STOCK}
"""The command that starts the same host in a process of its own."""
