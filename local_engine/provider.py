"""The provider protocol, as the engine speaks it (https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/providers/)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as pb

from local_engine import urns
from local_engine.diffs import Diff
from local_engine.errors import EngineError, HostError, StepError
from local_engine.provider_answers import CheckFailure, ReadResult, checked, differs
from local_engine.provider_errors import InitFailedError, PartialFailure, is_lost, translate
from local_engine.values import UNKNOWN, Properties, annotate_secrets, contains_unknowns, reveal
from local_engine.wire import from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

    from local_engine.state import ResourceState


@dataclass
class _Abilities:
    secrets: bool = True
    references: bool = True
    preview: bool = True
    from_handshake: bool = False


class Provider:
    """One running provider, configured or about to be."""

    def __init__(self, stub: ResourceProviderStub, explain: Callable[[str, bool], str | None]) -> None:
        self._stub = stub
        self._explain = explain
        self._can = _Abilities()
        self.configured = False
        self._refusal: str | None = None

    def _call(self, method: str, request: Any) -> Any:
        if self._refusal is not None:
            raise StepError(self._refusal)
        try:
            return getattr(self._stub, method)(request)
        except grpc.RpcError as error:
            raise self._explained(method, error) from None

    def _explained(self, method: str, error: grpc.RpcError) -> EngineError:
        death = self._explain(method, is_lost(error))
        return translate(error, method) if death is None else HostError(death)

    def _try(self, method: str, request: Any) -> Any:
        """Call a method that a provider need not have."""
        try:
            return getattr(self._stub, method)(request)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.UNIMPLEMENTED:
                return None
            raise self._explained(method, error) from None

    def shake_hands(self, address: str, directory: Path) -> None:
        """Tell the provider who calls, and learn what it understands."""
        answer = self._try(
            "Handshake",
            pb.ProviderHandshakeRequest(
                engine_address=address,
                root_directory=str(directory),
                program_directory=str(directory),
                configure_with_urn=True,
                supports_views=True,
                supports_refresh_before_update=True,
                invoke_with_preview=True,
                accepts_byte_string=True,
                mapper_target=address,
                loader_target=address,
                resolver_target=address,
            ),
        )
        if answer is not None:
            self._can = _Abilities(answer.accept_secrets, answer.accept_resources, from_handshake=True)
        if self._try("GetPluginInfo", Empty()) is None:
            raise StepError("GetPluginInfo is not implemented")

    def check_config(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[CheckFailure]]:
        """Let the provider validate its own configuration."""
        request = pb.CheckRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.kind_of(urn),
            olds=to_struct(olds, keep_secrets=False),
            news=to_struct(news, keep_secrets=False),
        )
        answer = self._try("CheckConfig", request)
        return (news, []) if answer is None else checked(answer, news)

    def diff_config(self, urn: str, old: ResourceState, news: Properties) -> Diff:
        """Ask what a changed configuration means for the resources."""
        request = pb.DiffRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.kind_of(urn),
            olds=to_struct(old.outputs, keep_secrets=False),
            old_inputs=to_struct(old.inputs, keep_secrets=False),
            news=to_struct(news, keep_secrets=False),
        )
        answer = self._try("DiffConfig", request)
        return Diff(changes="none") if answer is None else differs(answer)

    def configure(self, urn: str, identifier: str, inputs: Properties) -> None:
        """Hand over the configuration; not yet known values leave the provider unconfigured.

        A refusal is told by every call that needs the configuration, so it stands beside the resource that made it.
        """
        if contains_unknowns(inputs):
            return
        try:
            self._configure(urn, identifier, inputs)
        except EngineError as error:
            self._refusal = str(error)
        self.configured = True

    def _configure(self, urn: str, identifier: str, inputs: Properties) -> None:
        package = urns.package_of(urns.kind_of(urn))
        variables = {f"{package}:config:{key}": _text(value) for key, value in reveal(inputs).items()}
        answer = self._call(
            "Configure",
            pb.ConfigureRequest(
                id=identifier,
                urn=urn,
                name=urns.name_of(urn),
                type=urns.kind_of(urn),
                acceptSecrets=True,
                acceptResources=True,
                sends_old_inputs=True,
                sends_old_inputs_to_delete=True,
                args=to_struct(inputs),
                variables=variables,
            ),
        )
        if not self._can.from_handshake:
            self._can = _Abilities(answer.acceptSecrets, answer.acceptResources, answer.supportsPreview)

    def _struct(self, properties: Properties) -> Struct:
        return to_struct(properties, keep_secrets=self._can.secrets, keep_references=self._can.references)

    def _outputs(self, struct: Struct, like: Properties) -> Properties:
        found = from_struct(struct)
        return found if self._can.secrets else annotate_secrets(found, like)

    def check(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[CheckFailure]]:
        """Let the provider validate a resource's inputs and fill in defaults."""
        if not self.configured:
            return news, []
        request = pb.CheckRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.kind_of(urn),
            olds=self._struct(olds),
            news=self._struct(news),
            randomSeed=os.urandom(32),
        )
        inputs, failures = checked(self._call("Check", request), news)
        return (inputs if self._can.secrets else annotate_secrets(inputs, news)), failures

    def diff(self, old: ResourceState, news: Properties, ignore_changes: list[str], urn: str = "") -> Diff:
        """Ask what would change."""
        if not self.configured:
            return Diff(changes="some")
        request = pb.DiffRequest(
            id=old.id,
            urn=urn or old.urn,
            name=urns.name_of(urn or old.urn),
            type=urns.kind_of(urn or old.urn),
            olds=self._struct(old.outputs),
            old_inputs=self._struct(old.inputs),
            news=self._struct(news),
            ignoreChanges=ignore_changes,
        )
        return differs(self._call("Diff", request))

    def create(self, new: ResourceState, *, preview: bool) -> tuple[str, Properties]:
        """Create a resource; a preview makes nothing and returns what is known of the outputs."""
        if preview and not (self._can.preview and self.configured):
            return "", dict(new.inputs)
        request = pb.CreateRequest(
            urn=new.urn,
            name=new.name,
            type=new.kind,
            properties=self._struct(new.inputs),
            timeout=new.custom_timeouts.get("create", 0),
            preview=preview,
        )
        answer = self._partial("Create", request, new.inputs)
        if not answer.id and not preview:
            raise StepError(f"plugin returned empty resource.ID from create '{new.urn}'")
        return answer.id, self._outputs(answer.properties, new.inputs)

    def update(self, old: ResourceState, new: ResourceState, ignore_changes: list[str], *, preview: bool) -> Properties:
        """Update a resource in place."""
        if preview and not (self._can.preview and self.configured):
            return dict(new.inputs)
        request = pb.UpdateRequest(
            id=old.id,
            urn=new.urn,
            name=new.name,
            type=new.kind,
            olds=self._struct(old.outputs),
            old_inputs=self._struct(old.inputs),
            news=self._struct(new.inputs),
            timeout=new.custom_timeouts.get("update", 0),
            ignoreChanges=ignore_changes,
            preview=preview,
        )
        return self._outputs(self._partial("Update", request, new.inputs).properties, new.inputs)

    def _partial(self, method: str, request: Any, like: Properties) -> Any:
        """Call a method whose failure may leave something behind, with its secrets marked."""
        try:
            return self._call(method, request)
        except InitFailedError as error:
            if self._can.secrets:
                raise
            found = error.failure
            marked = annotate_secrets(found.outputs, like)
            raise InitFailedError(PartialFailure(found.id, marked, found.inputs, found.reasons)) from None

    def delete(self, old: ResourceState) -> None:
        """Delete a resource."""
        request = pb.DeleteRequest(
            id=old.id,
            urn=old.urn,
            name=old.name,
            type=old.kind,
            properties=self._struct(old.outputs),
            old_inputs=self._struct(old.inputs),
            timeout=old.custom_timeouts.get("delete", 0),
        )
        self._call("Delete", request)

    def find(self, urn: str, identifier: str) -> ReadResult:
        """Look at a resource of which only the id is known."""
        request = pb.ReadRequest(id=identifier, urn=urn, name=urns.name_of(urn), type=urns.kind_of(urn))
        return self._read(request, {}, {})

    def read(self, urn: str, identifier: str, inputs: Properties, outputs: Properties) -> ReadResult:
        """Look at a resource as it is now."""
        request = pb.ReadRequest(
            id=identifier,
            urn=urn,
            name=urns.name_of(urn),
            type=urns.kind_of(urn),
            properties=self._struct(outputs),
            inputs=self._struct(inputs),
        )
        return self._read(request, inputs, outputs)

    def _read(self, request: pb.ReadRequest, inputs: Properties, outputs: Properties) -> ReadResult:
        try:
            answer = self._call("Read", request)
        except InitFailedError as error:
            found = error.failure
            return ReadResult(found.id, found.outputs, found.inputs, found.reasons)
        if not answer.id:
            return ReadResult("", None, None, [])
        found_inputs = self._outputs(answer.inputs, inputs) if answer.HasField("inputs") else None
        return ReadResult(answer.id, self._outputs(answer.properties, outputs), found_inputs, [])

    def cancel(self) -> None:
        """Ask the provider to end what it does; one that cannot is left alone."""
        try:
            self._stub.Cancel(Empty(), timeout=5)
        except grpc.RpcError:
            return


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(UNKNOWN if value is UNKNOWN else value)
