"""The host that Pulumi starts for Python dynamic resources: ours in full, others' as the stock host serves them.

Over the stock host it has more threads, the URN, detailed diffs, previews of known outputs, imports, creates that are
kept although a later request failed, and errors of one sentence. Same tokens, same state.
https://www.pulumi.com/docs/iac/extending-pulumi/build-a-provider/
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from billing_resources._engine.calls import quiet
from billing_resources._engine.once import Once
from billing_resources._host.config import Configuration
from billing_resources._host.errors import PartlyCreated, abort_partly, answered
from billing_resources._host.others import OtherResources
from billing_resources._host.ours import OurResources, is_ours
from billing_resources._host.wire import from_wire, plain_config

THREADS = 64
GRACE = 4
"""Seconds for calls under way when the engine says stop; it kills a host that takes five."""
_EMPTY = empty_pb2.Empty


class Host(provider_pb2_grpc.ResourceProviderServicer):
    """Routes each call by its type token: ours to the declarations, others' to their pickled provider."""

    def __init__(self) -> None:
        self._configuration = Configuration()
        self._ours = OurResources(self._configuration)
        self._others = OtherResources(self._configuration)

    @property
    def once(self) -> Once:
        """What this run has explained already."""
        return self._configuration.session.once

    def _of(self, request: Any) -> OurResources | OtherResources:
        return self._ours if is_ours(request.urn) else self._others

    @answered
    def Handshake(self, request: Any, context: Any) -> Any:
        """Say what the host can take; from then on the engine calls it in previews as well."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse()

    @answered
    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The version the engine shows."""
        del request, context
        return plugin_pb2.PluginInfo(version="0.1.0")

    @answered
    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Take the stack's configuration as it is."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    @answered
    def DiffConfig(self, request: Any, context: Any) -> Any:
        """A changed configuration never replaces anything."""
        del context
        changed = request.news != request.old_inputs
        response = provider_pb2.DiffResponse
        return response(changes=response.DIFF_SOME if changed else response.DIFF_NONE)

    @answered
    def Configure(self, request: Any, context: Any) -> Any:
        """Keep the configuration and apply the guards that need no request."""
        del context
        self._configuration.set(plain_config(from_wire(request.args)))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    @answered
    def Check(self, request: Any, context: Any) -> Any:
        """Validate the inputs."""
        del context
        return self._of(request).check(request)

    @answered
    def Diff(self, request: Any, context: Any) -> Any:
        """Compare old and new; no request to Stripe."""
        del context
        return self._of(request).diff(request)

    @answered
    def Create(self, request: Any, context: Any) -> Any:
        """Make the object, or say in a preview what is known of it."""
        try:
            return self._of(request).create(request)
        except PartlyCreated as error:
            return abort_partly(context, error)

    @answered
    def Update(self, request: Any, context: Any) -> Any:
        """Change the object in place."""
        del context
        return self._of(request).update(request)

    @answered
    def Read(self, request: Any, context: Any) -> Any:
        """Refresh or import; an empty id says that the object is gone."""
        del context
        return self._of(request).read(request)

    @answered
    def Delete(self, request: Any, context: Any) -> Any:
        """Delete or archive the object."""
        del context
        self._of(request).delete(request)
        return _EMPTY()

    @answered
    def Cancel(self, request: Any, context: Any) -> Any:
        """Calls under way are finished; nothing is begun."""
        del request, context
        return _EMPTY()


def serve() -> None:
    """Serve until the engine says stop: it sends SIGINT, or goes away."""
    quiet()
    parent = os.getppid()  # before the port is known: from then on the engine may go away
    stop = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stop.set())
    server = grpc.server(futures.ThreadPoolExecutor(THREADS), options=_GRPC_CHANNEL_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Host(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _watch(parent, stop)
    stop.wait()
    server.stop(grace=GRACE).wait()  # with no call under way this is at once, and says goodbye properly


def _watch(parent: int, stop: threading.Event) -> None:
    """An engine that was killed sends nothing, so the host looks whether its parent is still there."""

    def watch() -> None:
        while not stop.wait(1):
            if os.getppid() != parent:
                os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    serve()
