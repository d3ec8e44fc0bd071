"""The services a program calls: the resource monitor, and the engine's log."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, resource_pb2, resource_pb2_grpc

from local_engine import urns
from local_engine.checkpoint import ENGINE_VERSION
from local_engine.errors import EngineError, UnsupportedError
from local_engine.goal import default_provider, from_read_request, from_request
from local_engine.messages import OutputsRegistered, ProgramDone, Reading, Refused, Registration
from local_engine.provider_process import UNLIMITED
from local_engine.version_range import allows
from local_engine.wire import from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_engine.messages import Message
    from local_engine.stack_config import Config

# Everything the real engine announces. Some of it is refused when it is used: asked first, this engine can say so in a
# sentence of its own, where the SDK's refusal is a traceback that blames an old Pulumi CLI.
_LAST = resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT
_FEATURES = tuple(found for found in resource_pb2.ResourceMonitorFeature.values() if found <= _LAST)
_FEATURE_NAMES = {
    "secrets",
    "resourceReferences",
    "outputValues",
    "aliasSpecs",
    "deletedWith",
    "replaceWith",
    "transforms",
    "invokeTransforms",
    "parameterization",
    "resourceHooks",
    "errorHooks",
}
_RESULTS = {"success": resource_pb2.SUCCESS, "fail": resource_pb2.FAIL, "skip": resource_pb2.SKIP}
_SEVERITIES = {1: "info", 2: "warning", 3: "error"}


class OverError(RuntimeError):
    """The operation is over; whoever still waits gets no answer."""


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Hands every call on to the deployment and waits for its answer."""

    def __init__(
        self,
        post: Callable[[Message], None],
        *,
        stack: str,
        project: str,
        directory: str,
        config: Config,
        parallel: int,
        dry_run: bool,
    ) -> None:
        self._post = post
        self._stack = stack
        self._project = project
        self._directory = directory
        self._config = config
        self._parallel = parallel
        self._dry_run = dry_run
        self._lock = threading.Lock()
        self._default: Registration | None = None
        self._waiting: set[Future[Any]] = set()
        self._over = False

    def GetDeploymentInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Tell the program where it runs."""
        return resource_pb2.DeploymentInfo(
            project=self._project,
            stack=self._stack,
            organization="organization",
            config=self._config.values,
            configSecretKeys=sorted(self._config.secret_keys),
            parallel=self._parallel,
            dryRun=self._dry_run,
            supportedFeatures=_FEATURES,
        )

    def SupportsFeature(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Tell an older program what is there."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _FEATURE_NAMES)

    def RegisterResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Bring a resource to its goal; the answer comes when it is there."""
        goal = self._read(context, lambda: from_request(request, self._directory))
        if goal.custom and not goal.provider and not urns.is_provider(goal.kind):
            goal.provider = self._default_provider(context)
        answer = self._ask(context, Registration(goal))
        state = answer.state
        if answer.unknown:
            result = _RESULTS[answer.result]
            return resource_pb2.RegisterResourceResponse(
                urn=state.urn, object=to_struct({}), unknown=result == resource_pb2.SUCCESS, result=result
            )
        outputs = state.outputs if state.custom else {}
        identifier = "" if self._dry_run and not state.custom else state.id
        return resource_pb2.RegisterResourceResponse(urn=state.urn, id=identifier, object=to_struct(outputs))

    def ReadResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Look a resource up."""
        goal = self._read(context, lambda: from_read_request(request, self._directory))
        if not goal.provider:
            goal.provider = self._default_provider(context)
        state = self._ask(context, Reading(goal)).state
        return resource_pb2.ReadResourceResponse(urn=state.urn, properties=to_struct(state.outputs))

    def RegisterResourceOutputs(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Keep the outputs of a component or of the stack."""
        outputs = self._read(context, lambda: from_struct(request.outputs))
        self._ask(context, OutputsRegistered(request.urn, outputs))
        return Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Wait until everything, deletions included, is done."""
        self._ask(context, ProgramDone())
        return Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse: dynamic providers in Python have no functions."""
        self._refuse(context, UnsupportedError.by_local_engine(f"invokes ({request.tok})"))

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse calls of methods."""
        self._refuse(context, UnsupportedError.by_local_engine(f"calls of methods ({request.tok})"))

    def RegisterPackage(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse other packages."""
        self._refuse(context, UnsupportedError.by_local_engine("parameterized packages"))

    def RegisterStackTransform(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse transforms."""
        self._refuse(context, UnsupportedError.by_local_engine("stack transforms"))

    def RegisterStackInvokeTransform(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse transforms of invokes."""
        self._refuse(context, UnsupportedError.by_local_engine("invoke transforms"))

    def RegisterErrorHook(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse hooks on errors."""
        self._refuse(context, UnsupportedError.by_local_engine("error hooks"))

    def RegisterResourceHook(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Refuse hooks."""
        self._refuse(context, UnsupportedError.by_local_engine("resource hooks"))

    def _read(self, context: grpc.ServicerContext, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except EngineError as error:
            self._refuse(context, error)

    def _refuse(self, context: grpc.ServicerContext, error: EngineError) -> NoReturn:
        self._post(Refused(str(error)))
        self._wait(context, Future())  # until the program is ended: an answer would become a traceback of its own
        raise error

    def _default_provider(self, context: grpc.ServicerContext) -> str:
        """Register the provider nobody declared, once."""
        with self._lock:
            fresh = self._default is None
            if self._default is None:
                self._default = Registration(default_provider("pulumi-python", self._config.as_properties()))
            message = self._default
        state = (self._ask(context, message) if fresh else self._wait(context, message.reply)).state
        return urns.provider_reference(state.urn, state.id)

    def _ask(self, context: grpc.ServicerContext, message: Any) -> Any:
        self._post(message)
        return self._wait(context, message.reply)

    def _wait(self, context: grpc.ServicerContext, reply: Future[Any]) -> Any:
        with self._lock:
            self._waiting.add(reply)
            if self._over and not reply.done():
                reply.set_exception(OverError())
        try:
            return reply.result()
        except OverError:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the operation is over")
            raise

    def end(self) -> None:
        """Let go of every call that will not be answered any more."""
        with self._lock:
            self._over = True
            for reply in self._waiting:
                if not reply.done():
                    reply.set_exception(OverError())


class EngineLog(engine_pb2_grpc.EngineServicer):
    """Takes what programs and providers have to say."""

    def __init__(self, tell: Callable[[str, str, str], None]) -> None:
        self._tell = tell

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> Any:
        """Show a message; debug messages are dropped."""
        severity = _SEVERITIES.get(request.severity)
        if severity is not None:
            self._tell(severity, request.message, request.urn)
        return Empty()

    def RequirePulumiVersion(
        self, request: engine_pb2.RequirePulumiVersionRequest, context: grpc.ServicerContext
    ) -> Any:
        """Answer as the CLI whose files these are."""
        wanted, version = request.pulumi_version_range, ENGINE_VERSION.removeprefix("v")
        try:
            satisfied = allows(wanted, version)
        except ValueError as error:
            context.abort(grpc.StatusCode.UNKNOWN, f'parsing CLI version range "{wanted}": {error}')
        if not satisfied:
            said = f'Pulumi CLI version {version} does not satisfy the version range "{wanted}"'
            context.abort(grpc.StatusCode.UNKNOWN, said)
        return engine_pb2.RequirePulumiVersionResponse()


def serve(monitor: Monitor | None, log: EngineLog, parallel: int) -> tuple[grpc.Server, str]:
    """Serve on a free local port; a thread is needed for every call that may wait."""
    threads = 4 * max(parallel, 1) + 16
    server = grpc.server(ThreadPoolExecutor(max_workers=threads, thread_name_prefix="monitor"), options=UNLIMITED)
    if monitor is not None:
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(log, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"
