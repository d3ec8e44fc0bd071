"""What went wrong in a provider, read from the gRPC status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import provider_pb2

from local_engine.errors import StepError
from local_engine.status_details import find_detail
from local_engine.wire import from_struct

if TYPE_CHECKING:
    from local_engine.values import Properties


class InitFailedError(StepError):
    """The resource exists, but its creation or update did not come to its end."""

    def __init__(self, failure: PartialFailure) -> None:
        count = len(failure.reasons)
        listed = "\n".join(f"\t* {reason}" for reason in failure.reasons)
        super().__init__(f"{count} error{'s' if count != 1 else ''} occurred:\n{listed}")
        self.failure = failure


@dataclass(frozen=True)
class PartialFailure:
    """What exists in spite of the failure."""

    id: str
    outputs: Properties
    inputs: Properties | None
    reasons: list[str]


# What gRPC itself says when nobody is at the other end any more; a provider's own sentences are never these.
_LOST = ("Socket closed", "failed to connect", "Connection reset", "Stream removed", "Cancelling all calls", "GOAWAY")
_GARBLED = "Exception deserializing response"


def is_lost(error: grpc.RpcError) -> bool:
    """Tell whether the connection broke, rather than that the provider answered with an error."""
    if not isinstance(error, grpc.Call) or error.code() not in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}:
        return False
    details = error.details() or ""
    return error.code() is grpc.StatusCode.CANCELLED or any(sign in details for sign in _LOST)


def translate(error: grpc.RpcError, method: str) -> StepError:
    """Turn a gRPC error into the sentence the provider sent, or into what exists all the same."""
    if not isinstance(error, grpc.Call):
        return StepError(str(error))
    failure = _partial_failure(error)
    return StepError(_sentence(error, method)) if failure is None else InitFailedError(failure)


def _sentence(call: grpc.Call, method: str) -> str:
    details = call.details() or ""
    if details.startswith(_GARBLED):
        return f"the provider host's answer to {method} cannot be read; it speaks another version of the protocol."
    return details or f"the provider host refused {method} with {call.code().name} and no reason."


def _partial_failure(call: grpc.Call) -> PartialFailure | None:
    for key, value in call.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            detail = find_detail(value, "pulumirpc.ErrorResourceInitFailed")
            return None if detail is None else _described(provider_pb2.ErrorResourceInitFailed.FromString(detail))
    return None


def _described(found: provider_pb2.ErrorResourceInitFailed) -> PartialFailure:
    inputs = from_struct(found.inputs) if found.HasField("inputs") else None
    return PartialFailure(found.id, from_struct(found.properties), inputs, list(found.reasons))
