"""Dynamic resources of other people's making: their pickled provider is loaded and called, as the stock host does."""

from __future__ import annotations

import base64
import os
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dill
from pulumi.dynamic import Config, ConfigureRequest, ResourceProvider
from pulumi.runtime import Settings, configure
from pulumi.runtime.proto import provider_pb2

from billing_resources._engine.checking import PROVIDER
from billing_resources._host.errors import OthersFailed
from billing_resources._host.wire import from_wire, to_wire
from billing_resources.errors import BillingResourceError

if TYPE_CHECKING:
    from billing_resources._host.config import Configuration


@contextmanager
def _theirs() -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it was, its author wants to see it
        raise OthersFailed(traceback.format_exc()) from None


class OtherResources:
    """Each method takes the request of the protocol and answers its response; the engine previews by itself."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._loaded: dict[str, ResourceProvider] = {}
        self._lock = threading.Lock()

    def _provider(self, props: dict[str, Any]) -> ResourceProvider:
        pickled = props.get(PROVIDER)
        if not isinstance(pickled, str):
            sentence = "this resource's type is not one of billing-resources, and its state holds no provider to ask"
            raise BillingResourceError(sentence)
        with self._lock, _theirs():
            if pickled not in self._loaded:
                self._loaded[pickled] = self._load(pickled)
            return self._loaded[pickled]

    def _load(self, pickled: str) -> ResourceProvider:
        project = os.environ.get("PULUMI_PROJECT", "project")
        configure(Settings(project=project, stack="stack", organization="organization"))
        provider: ResourceProvider = dill.loads(base64.b64decode(pickled))  # noqa: S301 - the user's own state
        provider.configure(ConfigureRequest(config=Config(self._configuration.values, project)))
        return provider

    def check(self, request: Any) -> Any:
        """Ask the provider to check."""
        olds, news = from_wire(request.olds, keep_unknowns=True), from_wire(request.news, keep_unknowns=True)
        provider = self._provider(news)
        with _theirs():
            result = provider.check(olds, news)
        failures = [provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in result.failures]
        inputs = {**result.inputs, PROVIDER: news[PROVIDER]}
        return provider_pb2.CheckResponse(inputs=to_wire(inputs), failures=failures)

    def diff(self, request: Any) -> Any:
        """Ask the provider to diff; where it does not say, the engine compares the inputs."""
        olds, news = from_wire(request.olds, keep_unknowns=True), from_wire(request.news, keep_unknowns=True)
        provider = self._provider(news)
        with _theirs():
            result = provider.diff(request.id, olds, news)
        response = provider_pb2.DiffResponse
        says = {None: response.DIFF_UNKNOWN, True: response.DIFF_SOME, False: response.DIFF_NONE}
        return response(
            changes=says[None if result.changes is None else bool(result.changes)],
            replaces=result.replaces or [],
            deleteBeforeReplace=bool(result.delete_before_replace),
        )

    def create(self, request: Any) -> Any:
        """Ask the provider to create; a preview shows the inputs, since it was never asked in one."""
        if request.preview:
            return provider_pb2.CreateResponse(properties=request.properties)
        props = from_wire(request.properties)
        provider = self._provider(props)
        with _theirs():
            result = provider.create(props)
        outs = {**(result.outs or {}), PROVIDER: props[PROVIDER]}
        return provider_pb2.CreateResponse(id=result.id, properties=to_wire(outs))

    def update(self, request: Any) -> Any:
        """Ask the provider to update; a preview shows the inputs."""
        if request.preview:
            return provider_pb2.UpdateResponse(properties=request.news)
        olds, news = from_wire(request.olds), from_wire(request.news)
        provider = self._provider(news)
        with _theirs():
            result = provider.update(request.id, olds, news)
        outs = {**(result.outs or {}), PROVIDER: news[PROVIDER]}
        return provider_pb2.UpdateResponse(properties=to_wire(outs))

    def read(self, request: Any) -> Any:
        """Ask the provider to read."""
        props = from_wire(request.properties) or from_wire(request.inputs)
        provider = self._provider(props)
        with _theirs():
            result = provider.read(request.id, props)
        outs = to_wire({**(result.outs or {}), PROVIDER: props[PROVIDER]})
        inputs = None if result.inputs is None else to_wire({**result.inputs, PROVIDER: props[PROVIDER]})
        return provider_pb2.ReadResponse(id=result.id or "", properties=outs, inputs=inputs)

    def delete(self, request: Any) -> None:
        """Ask the provider to delete."""
        props = from_wire(request.properties)
        provider = self._provider(props)
        with _theirs():
            provider.delete(request.id, props)
