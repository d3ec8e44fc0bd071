"""The calls that Pulumi's engine makes on a host, in its order, with the state kept in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, status_pb2

from billing_resources.provider import blob
from tests.billing_resources.hosts import Start
from tests.billing_resources.wire import UNKNOWN, Props, plain, revealed, struct

TOKEN = "pulumi-python:dynamic/stripe:"


class Refused(Exception):  # noqa: N818 - what the engine prints after "error:"
    """The host answered an error; its text is what a user reads."""


@dataclass(frozen=True)
class Declared:
    """One resource of a program. ``@Kind.name`` as a value stands for the id of another resource."""

    kind: str
    name: str
    args: Props

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


@dataclass
class Entry:
    """One resource in the state."""

    id: str
    inputs: Props
    outputs: Props
    init_errors: list[str] = field(default_factory=list)


class Engine:
    """One stack; every operation is a host of its own, as with Pulumi."""

    def __init__(self, start: Start, *, project: str = "billing", stack: str = "dev") -> None:
        self.start, self.project, self.stack = start, project, stack
        self.config: dict[str, Any] = {}
        self.state: dict[str, Entry] = {}
        self.replaced: list[tuple[str, Entry]] = []
        """What a replacement left behind, until its Delete has succeeded."""
        self.previews = False
        """Whether the host wants Create and Update to be called in previews."""
        self.detailed: dict[str, dict[str, str]] = {}

    # What tests ask

    def up(self, *program: Declared, replace: tuple[str, ...] = ()) -> dict[str, str]:
        """Make the stack equal to the program; answers the operation for each resource."""
        with self.host() as stub:
            return Up(self, stub).run(program, replace)

    def run(self, stub: Any, *program: Declared) -> dict[str, str]:
        """``up`` on a host that is running already."""
        return Up(self, stub).run(program, ())

    def delete(self, stub: Any, name: str) -> None:
        """Delete ``Kind.name`` on a host that is running already."""
        urn = self.urn(*name.split(".", 1))
        Up(self, stub).delete(urn, self.state[urn])

    def preview(self, *program: Declared) -> dict[str, str]:
        """What ``up`` would do."""
        with self.host() as stub:
            return Up(self, stub, dry=True).run(program, ())

    def destroy(self) -> dict[str, str]:
        """Remove everything."""
        return self.up()

    def refresh(self) -> dict[str, str]:
        """Read everything; answers ``gone``, ``same`` or ``update`` as the engine would show it."""
        with self.host() as stub:
            return {_name(urn): self._refresh_one(stub, urn) for urn in list(self.state)}

    def take_in(self, kind: str, name: str, object_id: str) -> Entry:
        """``pulumi import``: Read with nothing but the id, then Check of what was read."""
        urn = self.urn(kind, name)
        with self.host() as stub, _refusals():
            found = stub.Read(provider_pb2.ReadRequest(id=object_id, urn=urn))
            if not found.id:
                return Entry("", {}, {})
            inputs, outputs = plain(found.inputs), plain(found.properties)
            checked = stub.Check(provider_pb2.CheckRequest(urn=urn, olds=found.inputs, news=found.inputs))
        assert not checked.failures
        self.state[urn] = Entry(found.id, inputs, outputs)
        return self.state[urn]

    def of(self, name: str) -> Entry:
        """The entry of ``Kind.name``."""
        return self.state[self.urn(*name.split(".", 1))]

    # What the engine does

    def urn(self, kind: str, name: str) -> str:
        """The URN of a resource."""
        return f"urn:pulumi:{self.stack}::{self.project}::{TOKEN}{kind}::{name}"

    @contextmanager
    def host(self) -> Iterator[Any]:
        """A fresh, configured host."""
        with self.start() as stub:
            with _refusals():
                told = stub.Configure(provider_pb2.ConfigureRequest(args=struct(self.config)))
            self.previews = told.supportsPreview
            yield stub

    def inputs_of(self, one: Declared) -> Props:
        """The inputs as the SDK registers them."""
        whose = {"_key": one.name, "_stack": f"{self.project}/{self.stack}", "__provider": blob(one.kind)}
        return {**_without_nulls(self._resolved(one.args)), **whose}

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._resolved(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._resolved(part) for part in value]
        if not isinstance(value, str) or not value.startswith("@") or "." not in value:
            return value
        entry = self.state.get(self.urn(*value[1:].split(".", 1)))
        return UNKNOWN if entry is None else entry.id

    def _refresh_one(self, stub: Any, urn: str) -> str:
        entry = self.state[urn]
        olds, inputs = struct(revealed(entry.outputs)), struct(entry.inputs)
        with _refusals():
            read = stub.Read(provider_pb2.ReadRequest(id=entry.id, urn=urn, properties=olds, inputs=inputs))
        if not read.id:
            del self.state[urn]
            return "gone"
        found = Entry(read.id, plain(read.inputs) or entry.inputs, plain(read.properties))
        diff = self.diff(stub, urn, found, entry.inputs)
        self.state[urn] = found
        return "same" if diff.changes == provider_pb2.DiffResponse.DIFF_NONE else "update"

    def diff(self, stub: Any, urn: str, old: Entry, news: Props) -> provider_pb2.DiffResponse:
        """Ask for the differences, and keep the detailed ones for the test."""
        olds, old_inputs = struct(revealed(old.outputs)), struct(old.inputs)
        request = provider_pb2.DiffRequest(id=old.id, urn=urn, olds=olds, old_inputs=old_inputs, news=struct(news))
        with _refusals():
            found: provider_pb2.DiffResponse = stub.Diff(request)
        names = provider_pb2.PropertyDiff.Kind.Name
        self.detailed[_name(urn)] = {path: names(one.kind) for path, one in found.detailedDiff.items()}
        return found


class Up:
    """One ``up`` or ``preview`` of a program."""

    def __init__(self, engine: Engine, stub: Any, *, dry: bool = False) -> None:
        self.engine, self.stub, self.dry = engine, stub, dry
        self.ops: dict[str, str] = {}

    def run(self, program: tuple[Declared, ...], replace: tuple[str, ...]) -> dict[str, str]:
        """Every resource in order, then the deletes in reverse."""
        declared = {self.engine.urn(one.kind, one.name) for one in program}
        for one in program:
            self.ops[str(one)] = self._one(one, forced=str(one) in replace)
        removed = [(urn, entry) for urn, entry in self.engine.state.items() if urn not in declared]
        for urn, entry in reversed(removed):
            self.ops[_name(urn)] = "delete"
            self.delete(urn, entry)
        while self.engine.replaced and not self.dry:
            self.delete(*self.engine.replaced[-1])
            self.engine.replaced.pop()
        return self.ops

    def _one(self, one: Declared, *, forced: bool) -> str:
        urn = self.engine.urn(one.kind, one.name)
        old = self.engine.state.get(urn)
        news = self._checked(urn, {} if old is None or forced else old.inputs, self.engine.inputs_of(one))
        if old is None:
            return self._create(urn, news, "create")
        if forced:
            return self._replace(urn, old, news)
        diff = self.engine.diff(self.stub, urn, old, news)
        if diff.changes == provider_pb2.DiffResponse.DIFF_NONE and not old.init_errors:
            return "same"
        if diff.replaces and diff.deleteBeforeReplace:
            self.delete(urn, old)
            return self._create(urn, self._checked(urn, {}, news), "replace")
        if diff.replaces:
            return self._replace(urn, old, self._checked(urn, {}, news))
        return self._update(urn, old, news)

    def _checked(self, urn: str, olds: Props, news: Props) -> Props:
        with _refusals():
            checked = self.stub.Check(provider_pb2.CheckRequest(urn=urn, olds=struct(olds), news=struct(news)))
        if checked.failures:
            raise Refused("\n".join(failure.reason for failure in checked.failures))
        return plain(checked.inputs)

    def _create(self, urn: str, news: Props, op: str) -> str:
        if self.dry and not self.engine.previews:
            return op
        try:
            made = self.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=struct(news), preview=self.dry))
        except grpc.RpcError as error:
            self._keep_partial(urn, error)
            raise Refused(_details(error)) from None
        if not self.dry:
            self.engine.state[urn] = Entry(made.id, news, plain(made.properties))
        return op

    def _keep_partial(self, urn: str, error: Any) -> None:
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                failed = provider_pb2.ErrorResourceInitFailed()
                assert status.details[0].Unpack(failed)
                inputs, outputs = plain(failed.inputs), plain(failed.properties)
                self.engine.state[urn] = Entry(failed.id, inputs, outputs, list(failed.reasons))

    def _replace(self, urn: str, old: Entry, news: Props) -> str:
        try:
            return self._create(urn, news, "replace")
        finally:
            if self.engine.state[urn] is not old:
                self.engine.replaced.append((urn, old))

    def _update(self, urn: str, old: Entry, news: Props) -> str:
        if self.dry and not self.engine.previews:
            return "update"
        olds, old_inputs = struct(revealed(old.outputs)), struct(old.inputs)
        request = provider_pb2.UpdateRequest(
            id=old.id, urn=urn, olds=olds, old_inputs=old_inputs, news=struct(news), preview=self.dry
        )
        with _refusals():
            made = self.stub.Update(request)
        if not self.dry:
            self.engine.state[urn] = Entry(old.id, news, plain(made.properties))
        return "update"

    def delete(self, urn: str, entry: Entry) -> None:
        """Delete one resource, and forget it unless another one has its place by now."""
        if self.dry:
            return
        outputs, inputs = struct(revealed(entry.outputs)), struct(entry.inputs)
        with _refusals():
            self.stub.Delete(provider_pb2.DeleteRequest(id=entry.id, urn=urn, properties=outputs, old_inputs=inputs))
        if self.engine.state.get(urn) is entry:
            del self.engine.state[urn]


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as error:
        raise Refused(_details(error)) from None


def _details(error: Any) -> str:
    return str(error.details())


def _name(urn: str) -> str:
    kind, name = urn.split("::")[2:]
    return f"{kind.removeprefix(TOKEN)}.{name}"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value
