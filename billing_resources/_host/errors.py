"""Errors as the engine shows them: the one sentence of ours, and a traceback only for what nobody foresaw."""

from __future__ import annotations

import functools
import os
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import grpc
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from billing_resources._host.wire import to_wire
from billing_resources.errors import BillingResourceError

M = TypeVar("M", bound=Callable[..., Any])


class PartlyCreated(Exception):  # noqa: N818 - reads as what happened
    """The object was made, but a further request for it failed: its id must not get lost."""

    def __init__(self, object_id: str, inputs: Mapping[str, Any], outs: Mapping[str, Any], reason: str) -> None:
        self.object_id, self.inputs, self.outs, self.reason = object_id, inputs, outs, reason
        super().__init__(reason)


class OthersFailed(Exception):  # noqa: N818 - reads as what happened
    """Somebody else's provider raised: its traceback is shown, as Pulumi's stock host shows it."""


def answered(method: M) -> M:
    """Answer every exception as a gRPC error whose details are the sentence; ``self.once`` explains once."""

    @functools.wraps(method)
    def guarded(self: Any, request: Any, context: Any) -> Any:
        try:
            return method(self, request, context)
        except BillingResourceError as error:
            sentence = self.once.text(error)
        except OthersFailed as error:
            sentence = str(error)
        except (KeyboardInterrupt, SystemExit):
            sentence = "the provider was stopped"
        except Exception as error:  # noqa: BLE001 - the engine must get an answer, whatever happened
            sentence = unforeseen(error)
        return context.abort(grpc.StatusCode.UNKNOWN, sentence)

    return cast("M", guarded)


def unforeseen(error: Exception) -> str:
    """A bug, in one line; the traceback on request, since it may show values."""
    if os.environ.get("BILLING_DEBUG"):
        return traceback.format_exc()
    at = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(at.filename)}:{at.lineno}"  # noqa: PTH119 - a name, not a path
    return f"unexpected {type(error).__name__} at {place}; set BILLING_DEBUG=1 for the traceback and report it"


def abort_partly(context: Any, error: PartlyCreated) -> Any:
    """Tell the engine the id and what failed: it keeps the resource and updates it in the next run."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.object_id, properties=to_wire(error.outs), inputs=to_wire(error.inputs), reasons=[error.reason]
    )
    packed = any_pb2.Any()
    packed.Pack(detail)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason, details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.set_code(grpc.StatusCode.UNKNOWN)
    context.set_details(error.reason)
    return provider_pb2.CreateResponse()
