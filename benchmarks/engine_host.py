"""The provider host of `bench_engine`: does nothing, after the time that a far service would take to answer."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

LATENCY = float(os.environ["BENCH_LATENCY_MS"]) / 1000
THREADS = 256  # more than any engine runs steps side by side
NONE, SOME = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME


def diff(request: Any) -> Any:
    """Compare."""
    return provider_pb2.DiffResponse(changes=NONE if request.old_inputs == request.news else SOME)


def create(request: Any) -> Any:
    """Make an object, which nobody keeps."""
    if request.preview:
        return provider_pb2.CreateResponse(properties=request.properties)
    time.sleep(LATENCY)
    return provider_pb2.CreateResponse(id=f"id-{request.name}", properties=request.properties)


def delete(_request: Any) -> Any:
    """Delete an object."""
    time.sleep(LATENCY)
    return Empty()


ANSWERS: dict[str, Callable[[Any], Any]] = {
    "Handshake": lambda _: provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True),
    "GetPluginInfo": lambda _: plugin_pb2.PluginInfo(version="0.1.0"),
    "CheckConfig": lambda request: provider_pb2.CheckResponse(inputs=request.news),
    "DiffConfig": lambda _: provider_pb2.DiffResponse(changes=NONE),
    "Configure": lambda _: provider_pb2.ConfigureResponse(
        acceptSecrets=True, supportsPreview=True, acceptResources=True
    ),
    "Check": lambda request: provider_pb2.CheckResponse(inputs=request.news),
    "Diff": diff,
    "Create": create,
    "Delete": delete,
    "Cancel": lambda _: Empty(),
}


class Host(provider_pb2_grpc.ResourceProviderServicer):
    """Everything the engine calls."""


def method(answer: Callable[[Any], Any]) -> Any:
    """Make the servicer's method."""
    return lambda _self, request, _context: answer(request)


for name, function in ANSWERS.items():
    setattr(Host, name, method(function))


def main() -> None:
    """Serve until the engine says good-bye."""
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=THREADS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Host(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(None)


if __name__ == "__main__":
    main()
