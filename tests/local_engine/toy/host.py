"""A provider host for tests: answers as the host of the recordings did, and writes down every call."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PROVIDER = "gASVGAAAAAAAAACMBXRoaW5nlIwEbG9hZJSTlGgAhZRSlC4="  # pickled by the program, as recorded
HOME = Path(os.environ["TOY_DIR"])
BEHAVIOUR: dict[str, Any] = json.loads((HOME / "behaviour.json").read_text())
LOCK = threading.Lock()


def note(entry: dict[str, Any]) -> None:
    """Write down one line."""
    with LOCK, (HOME / "calls.jsonl").open("a") as file:
        file.write(json.dumps({"pid": os.getpid(), **entry}) + "\n")


def say(line: str) -> None:
    """Print a line for the engine."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def next_number() -> int:
    """Count objects over the whole life of a stack."""
    with LOCK:
        path = HOME / "counter"
        number = int(path.read_text()) + 1 if path.exists() else 1
        path.write_text(str(number))
    return number


def plain(struct: Struct) -> dict[str, Any]:
    """Read properties."""
    return dict(json_format.MessageToDict(struct))


def struct(values: dict[str, Any]) -> Struct:
    """Write properties."""
    found = Struct()
    found.update(values)
    return found


def told(name: str, request: Any) -> Any:
    """Find what a test wants for one resource."""
    wanted = BEHAVIOUR.get(name) or {}
    return wanted.get(request.name) or wanted.get(getattr(request, "id", "")) or {}


class FailureError(Exception):
    """An answer that is no answer."""

    def __init__(self, wanted: dict[str, Any], identifier: str = "", outputs: dict[str, Any] | None = None) -> None:
        super().__init__(wanted.get("msg"))
        self.wanted = wanted
        self.identifier = identifier
        self.outputs = outputs or {}


def status_of(failure: FailureError, inputs: dict[str, Any]) -> bytes:
    """Serialize a google.rpc.Status with what exists in spite of the failure."""
    detail = AnyMessage()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=failure.identifier,
            properties=struct(failure.outputs),
            inputs=struct(inputs),
            reasons=failure.wanted["reasons"],
        )
    )
    packed: bytes = detail.SerializeToString()
    message = str(failure.wanted["msg"]).encode()
    return b"\x08\x02\x12" + bytes([len(message)]) + message + b"\x1a" + varint(len(packed)) + packed


def varint(number: int) -> bytes:
    """Write a length as protobuf does."""
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def check(request: Any) -> Any:
    """Take the inputs as they are, but for what the test wants."""
    if error := told("err_check", request):
        raise FailureError({"kind": "error", **error})
    inputs = {**plain(request.news), **told("check_default", request)}
    failures = [
        provider_pb2.CheckFailure(property=f["property"], reason=f["reason"]) for f in told("check_fail", request)
    ]
    return provider_pb2.CheckResponse(inputs=struct(inputs), failures=failures)


def diff(request: Any) -> Any:
    """Compare inputs; `size` cannot change in place."""
    if wanted := told("diff", request):
        return json_format.ParseDict(wanted, provider_pb2.DiffResponse())
    old, new = plain(request.old_inputs), plain(request.news)
    keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key) and key not in request.ignoreChanges)
    if not keys:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
    kinds = {key: kind_of(key, old, new) for key in keys}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        diffs=keys,
        replaces=[key for key in keys if key == "size"],
        hasDetailedDiff=True,
        detailedDiff={key: provider_pb2.PropertyDiff(kind=kind, inputDiff=True) for key, kind in kinds.items()},
        deleteBeforeReplace=request.name in BEHAVIOUR.get("dbr", []),
    )


def kind_of(key: str, old: dict[str, Any], new: dict[str, Any]) -> Any:
    """Name one change."""
    kind = "ADD" if key not in old else "DELETE" if key not in new else "UPDATE"
    return f"{kind}_REPLACE" if key == "size" else kind


def outputs_of(request: Any, properties: Struct, serial: Any) -> dict[str, Any]:
    """Make outputs from inputs."""
    outputs = plain(properties)
    if not request.preview:
        outputs["serial"] = serial
    elif BEHAVIOUR.get("preview_unknown_outs"):
        outputs["serial"] = UNKNOWN
    if request.preview:
        return outputs
    if request.name in BEHAVIOUR.get("secret_out", []):
        outputs["token"] = {**SECRET, "value": f"tok_{request.name}"}
    if request.name in BEHAVIOUR.get("plain_token", []):
        outputs["token"] = f"tok_{request.name}"
    return outputs


def fail_if_told(method: str, request: Any, identifier: str, outputs: dict[str, Any]) -> None:
    """Fail where the test wants it."""
    wanted = told(f"fail_{method}", request)
    if wanted:
        raise FailureError(wanted, identifier, outputs)


def wait_if_told(method: str, request: Any) -> None:
    """Be slow where the test wants it: for some seconds, or until it says that it may go on."""
    seconds = BEHAVIOUR.get("sleep_all") or (BEHAVIOUR.get(f"sleep_{method}") or {}).get(request.name, 0)
    if not (seconds and BEHAVIOUR.get("until_told")):
        time.sleep(seconds)
        return
    while not (HOME / "go-on").exists():
        time.sleep(0.01)


def create(request: Any) -> Any:
    """Make an object."""
    outputs = outputs_of(request, request.properties, 1.0)
    if request.preview:
        return provider_pb2.CreateResponse(properties=struct(outputs))
    wait_if_told("create", request)
    if (told("fail_create", request) or {}).get("kind") == "error":
        fail_if_told("create", request, "", {})
    if request.name in BEHAVIOUR.get("empty_id", []):
        return provider_pb2.CreateResponse(properties=struct(outputs))
    identifier = f"th_{request.name}_{next_number()}"
    fail_if_told("create", request, identifier, outputs)
    if request.name in BEHAVIOUR.get("die_in_create", []):
        os._exit(3)
    return provider_pb2.CreateResponse(id=identifier, properties=struct(outputs))


def update(request: Any) -> Any:
    """Change an object."""
    serial = plain(request.olds).get("serial", 0) + 1
    outputs = outputs_of(request, request.news, serial)
    if not request.preview:
        wait_if_told("update", request)
        fail_if_told("update", request, request.id, outputs)
    return provider_pb2.UpdateResponse(properties=struct(outputs))


def delete(request: Any) -> Any:
    """Delete an object."""
    wait_if_told("delete", request)
    fail_if_told("delete", request, request.id, {})
    return Empty()


def read(request: Any) -> Any:
    """Find an object as it was sent, but for what the test wants."""
    wanted = told("read", request)
    if wanted.get("gone"):
        return provider_pb2.ReadResponse()
    if error := wanted.get("error"):
        raise FailureError({"kind": "error", **error})
    imported = {} if plain(request.properties) else made_by_hand()
    outputs = {**plain(request.properties), **imported, **wanted.get("out", {})}
    if failed := wanted.get("init"):
        raise FailureError({"kind": "init", **failed}, request.id, outputs)
    answer = provider_pb2.ReadResponse(id=request.id, properties=struct(outputs))
    if not wanted.get("no_inputs"):
        inputs = {key: value for key, value in imported.items() if key != "serial"}
        answer.inputs.CopyFrom(struct({**plain(request.inputs), **inputs, **wanted.get("in", {})}))
    return answer


def made_by_hand() -> dict[str, Any]:
    """Return what is there of an object that only its id is known of, as in an import."""
    provider = {"__provider": PROVIDER} if BEHAVIOUR.get("read_provider_blob") else {}
    return {"label": "live", "size": 7, "serial": 1, **provider}


def configure(request: Any) -> Any:
    """Accept the configuration."""
    if message := BEHAVIOUR.get("fail_configure"):
        raise FailureError({"kind": "error", "msg": message})
    flags = {"acceptSecrets": True, "supportsPreview": True, "acceptResources": True}
    return provider_pb2.ConfigureResponse(**BEHAVIOUR.get("configure", flags))


def diff_config(request: Any) -> Any:
    """Say what the test wants of a changed configuration."""
    wanted = BEHAVIOUR.get("diffconfig") or {}
    return provider_pb2.DiffResponse(**(wanted or {"changes": "DIFF_NONE"}))


def invoke(request: Any) -> Any:
    """Answer what was asked."""
    answer = provider_pb2.InvokeResponse()
    getattr(answer, "return").CopyFrom(struct({"echo": plain(request.args), "tok": request.tok}))
    return answer


ANSWERS: dict[str, Callable[[Any], Any]] = {
    "Handshake": lambda _: provider_pb2.ProviderHandshakeResponse(
        **BEHAVIOUR.get("handshake", {"accept_secrets": True, "accept_resources": True})
    ),
    "GetPluginInfo": lambda _: plugin_pb2.PluginInfo(version="0.1.0"),
    "CheckConfig": lambda request: provider_pb2.CheckResponse(inputs=request.news),
    "DiffConfig": diff_config,
    "Configure": configure,
    "Check": check,
    "Diff": diff,
    "Create": create,
    "Update": update,
    "Delete": delete,
    "Read": read,
    "Invoke": invoke,
    "Cancel": lambda _: Empty(),
}


def described(message: Any) -> Any:
    """Write a message down as the recordings have it."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def serve_one(method: str, request: Any, context: grpc.ServicerContext) -> Any:
    """Answer one call and write it down."""
    note({"at": "start", "method": method, "request": described(request)})
    if method in BEHAVIOUR.get("unimplemented", []):
        message = f"{method} is not implemented"
        note({"at": "end", "method": method, "request": described(request), "error": message})
        context.abort(grpc.StatusCode.UNIMPLEMENTED, message)
    try:
        answer = ANSWERS[method](request)
    except FailureError as failure:
        wanted = failure.wanted
        note({"at": "end", "method": method, "request": described(request), "error": wanted.get("msg")})
        if wanted.get("reasons"):
            inputs = plain(
                next(getattr(request, name) for name in ("inputs", "news", "properties") if hasattr(request, name))
            )
            context.set_trailing_metadata((("grpc-status-details-bin", status_of(failure, inputs)),))
        context.abort(grpc.StatusCode[wanted.get("code", "UNKNOWN")], str(wanted.get("msg")))
    note({"at": "end", "method": method, "request": described(request), "response": described(answer)})
    return answer


class Host(provider_pb2_grpc.ResourceProviderServicer):
    """Everything the engine calls."""


def method_named(name: str) -> Any:
    """Make the servicer's method."""
    return lambda _self, request, context: serve_one(name, request, context)


for name in ANSWERS:
    setattr(Host, name, method_named(name))


def refuse_to_start() -> None:
    """Behave badly before serving, where the test wants it."""
    if "say_first" in BEHAVIOUR:
        say(BEHAVIOUR["say_first"])
    if "exit_first" in BEHAVIOUR:
        sys.stderr.write("I cannot go on\n")
        sys.exit(BEHAVIOUR["exit_first"])


def main() -> None:
    """Serve until the engine says good-bye."""
    # Waited for, not handled: a handler that sets an event can meet the lock that the waiting thread holds.
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    refuse_to_start()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Host(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    note(
        {
            "at": "host",
            "argv": sys.argv,
            "cwd": str(Path.cwd()),
            "config": os.environ["PULUMI_CONFIG"],
            "pid": os.getpid(),
        }
    )
    say(str(port))
    signal.sigwait(ends)
    note({"at": "signal"})
    server.stop(None)
    os._exit(0)  # what is under way is lost


if __name__ == "__main__":
    main()
