"""The toy host, misbehaving: `bad` in its behaviour says in which call, and how."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

import grpc
import host  # type: ignore[import-not-found]  # beside this file, where Python looks first
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2

SERVERS: list[grpc.Server] = []
MAKE_SERVER = grpc.server
MEGABYTES = 20


def remembered(*arguments: Any, **options: Any) -> grpc.Server:
    """Make a server that can be stopped in the middle of a call."""
    SERVERS.append(MAKE_SERVER(*arguments, **options))
    return SERVERS[-1]


def kill(_request: Any) -> None:
    """Die at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def leave(_request: Any) -> None:
    """Die after a word."""
    sys.stderr.write("out of ideas\n")
    sys.stderr.flush()
    os._exit(4)


def hang(_request: Any) -> None:
    """Never answer."""
    threading.Event().wait()


def close(_request: Any) -> None:
    """Hang up, and live on."""
    SERVERS[0].stop(None)
    threading.Event().wait()


def wordless(_request: Any) -> None:
    """Fail without a reason."""
    raise host.FailureError({"kind": "error", "msg": "", "code": "INTERNAL"})


def strange_changes(_request: Any) -> Any:
    """Answer with a value that this version of the protocol does not have."""
    return provider_pb2.DiffResponse(changes=99)  # type: ignore[arg-type]


def strange_kind(_request: Any) -> Any:
    """Describe a change in a way that this version of the protocol does not have."""
    detail = provider_pb2.PropertyDiff(kind=42)  # type: ignore[arg-type]
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME, hasDetailedDiff=True, detailedDiff={"label": detail}
    )


def asset(_request: Any) -> Any:
    """Answer with something that cannot be kept."""
    properties = Struct()
    properties.update({"file": {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}})
    return provider_pb2.CreateResponse(id="th_1", properties=properties)


def huge(_request: Any) -> Any:
    """Answer with more than anybody asked for."""
    return provider_pb2.CreateResponse(id="th_1", properties=host.struct({"text": "x" * MEGABYTES * 2**20}))


def empty(_request: Any) -> Any:
    """Answer with nothing at all."""
    return provider_pb2.CheckResponse()


for method, way in host.BEHAVIOUR.get("bad", {}).items():
    host.ANSWERS[method] = globals()[way]
grpc.server = remembered
host.main()
