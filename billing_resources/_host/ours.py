"""Our resources over Pulumi's provider protocol: requests in, the lifecycle, responses out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

from billing_resources._engine import every_kind, lifecycle
from billing_resources._engine.checking import PROVIDER, check, sentence, without_provider
from billing_resources._engine.diff import Change, Op, diff, removes_first, replacing
from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources._engine.lifecycle import HalfDone
from billing_resources._engine.target import Target
from billing_resources._host.errors import PartlyCreated
from billing_resources._host.wire import from_wire, to_wire
from billing_resources.provider import blob, with_secrets

if TYPE_CHECKING:
    from billing_resources._host.config import Configuration

_TOKEN = "pulumi-python:dynamic/stripe:"  # noqa: S105 - a type token
_PROPERTY_DIFF = provider_pb2.PropertyDiff
_KINDS = {
    (Op.ADD, False): _PROPERTY_DIFF.ADD,
    (Op.ADD, True): _PROPERTY_DIFF.ADD_REPLACE,
    (Op.DELETE, False): _PROPERTY_DIFF.DELETE,
    (Op.DELETE, True): _PROPERTY_DIFF.DELETE_REPLACE,
    (Op.UPDATE, False): _PROPERTY_DIFF.UPDATE,
    (Op.UPDATE, True): _PROPERTY_DIFF.UPDATE_REPLACE,
}
assert every_kind  # noqa: S101 - imported for filling the registry


def _type_of(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def is_ours(urn: str) -> bool:
    """Whether the URN is of a kind that this package declares."""
    token = _type_of(urn)
    return token.startswith(_TOKEN) and token.removeprefix(_TOKEN) in REGISTRY


def target_of(urn: str, props: Mapping[str, Any]) -> Target:
    """Who the resource is. The stack comes from the URN, so that a renamed stack or project is seen at once."""
    _, _, stack_name = urn.split("::", maxsplit=1)[0].rpartition(":")
    project, _, name = urn.split("::", maxsplit=3)[1:]
    kind = REGISTRY[_type_of(urn).removeprefix(_TOKEN)]
    return Target(kind, urn, f"{project}/{stack_name}", str(props.get("_key") or name))


class OurResources:
    """Each method takes the request of the protocol and answers its response."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def check(self, request: Any) -> Any:
        """Validate the inputs; every problem at once."""
        news = from_wire(request.news, keep_unknowns=True)
        target = target_of(request.urn, news)
        inputs, found = check(target, news, self._configuration.session)
        failures = [provider_pb2.CheckFailure(reason=sentence(problem)) for problem in found]
        return provider_pb2.CheckResponse(inputs=to_wire(_with_provider(target.kind, inputs)), failures=failures)

    def diff(self, request: Any) -> Any:
        """Compare by meaning, and remember the id for the Create of a replacement."""
        olds, news = from_wire(request.olds, keep_unknowns=True), from_wire(request.news, keep_unknowns=True)
        kind = target_of(request.urn, news).kind
        self._configuration.session.expect_account_of(olds)
        changes = diff(kind, {**olds, "id": request.id}, news)
        if any(change.replaces for change in changes):
            self._configuration.session.will_replace(request.urn, request.id, olds)
        return _diff_response(changes, removes_first=removes_first(kind, olds, news))

    def create(self, request: Any) -> Any:
        """Make the object; in a preview answer what is known without it."""
        props = without_provider(from_wire(request.properties, keep_unknowns=request.preview))
        target = target_of(request.urn, props)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_wire(_with_provider(target.kind, props)))
        try:
            object_id, outs = lifecycle.create(self._configuration.session, target, props)
        except HalfDone as error:
            sealed = _sealed(target.kind, error.outputs)
            reason = self._configuration.session.once.text(error)
            raise PartlyCreated(error.object_id, _with_provider(target.kind, props), sealed, reason) from None
        return provider_pb2.CreateResponse(id=object_id, properties=to_wire(_sealed(target.kind, outs)))

    def update(self, request: Any) -> Any:
        """Change the object in place; in a preview what Stripe made stays known."""
        olds = without_provider(from_wire(request.olds))
        news = without_provider(from_wire(request.news, keep_unknowns=request.preview))
        target = target_of(request.urn, news)
        if request.preview:
            made = {name: value for name, value in olds.items() if name in target.kind.made} | dict(target.kind.alive)
            return provider_pb2.UpdateResponse(properties=to_wire(_sealed(target.kind, {**made, **news})))
        outs = lifecycle.update(self._configuration.session, target, request.id, olds, news)
        return provider_pb2.UpdateResponse(properties=to_wire(_sealed(target.kind, outs)))

    def read(self, request: Any) -> Any:
        """Refresh what the state knows, or import an id that it does not know yet. Nothing is written."""
        olds = without_provider(from_wire(request.properties))
        inputs = without_provider(from_wire(request.inputs))
        target = target_of(request.urn, inputs or olds)
        found = lifecycle.read(self._configuration.session, target, request.id, olds, inputs)
        if found is None:
            return provider_pb2.ReadResponse()
        now, outs = found
        return provider_pb2.ReadResponse(
            id=request.id,
            inputs=to_wire(_with_provider(target.kind, now)),
            properties=to_wire(_sealed(target.kind, outs)),
        )

    def delete(self, request: Any) -> None:
        """Delete or archive the object."""
        olds = without_provider(from_wire(request.properties))
        lifecycle.delete(self._configuration.session, target_of(request.urn, olds), request.id, olds)


def _with_provider(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, PROVIDER: blob(kind.name)}


def _sealed(kind: Kind, outs: Mapping[str, Any]) -> dict[str, Any]:
    return _with_provider(kind, with_secrets(kind, outs))


def _diff_response(changes: list[Change], *, removes_first: bool) -> Any:
    response = provider_pb2.DiffResponse
    detailed = {
        change.path: _PROPERTY_DIFF(kind=_KINDS[change.op, change.replaces], inputDiff=not change.drift)
        for change in changes
    }
    return response(
        changes=response.DIFF_SOME if changes else response.DIFF_NONE,
        diffs=list(dict.fromkeys(change.field for change in changes)),
        replaces=replacing(changes),
        deleteBeforeReplace=removes_first,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )
