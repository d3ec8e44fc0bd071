"""Goals: what the program asks for, one registration each."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from local_engine import urns
from local_engine.errors import UnsupportedError
from local_engine.state import ResourceState
from local_engine.wire import from_struct

if TYPE_CHECKING:
    from local_engine.values import Properties

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class AliasSpec:
    """A former name of a resource; what is not given is as now."""

    urn: str = ""
    name: str = ""
    kind: str = ""
    stack: str = ""
    project: str = ""
    parent: str = ""
    no_parent: bool = False


@dataclass
class Goal:
    """One resource as the program wants it."""

    kind: str
    name: str
    custom: bool
    inputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    dependencies: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    delete_before_replace: bool | None = None
    ignore_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[AliasSpec] = field(default_factory=list)
    import_id: str = ""
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    replace_on_changes: list[str] = field(default_factory=list)
    retain_on_delete: bool = False
    source_position: str = ""

    def state(self, urn: str) -> ResourceState:
        """Return the state this goal leads to, as far as it is known before anything is done."""
        return ResourceState(
            urn=urn,
            kind=self.kind,
            custom=self.custom,
            inputs=self.inputs,
            parent=self.parent,
            protect=self.protect,
            dependencies=self.dependencies,
            provider=self.provider,
            property_dependencies=self.property_dependencies,
            additional_secret_outputs=self.additional_secret_outputs,
            custom_timeouts=self.custom_timeouts,
            import_id=self.import_id,
            retain_on_delete=self.retain_on_delete,
            source_position=self.source_position,
            ignore_changes=self.ignore_changes,
            replace_on_changes=self.replace_on_changes,
        )


@dataclass
class ReadGoal:
    """A resource the program looks up by its id."""

    kind: str
    name: str
    id: str
    inputs: Properties
    parent: str = ""
    dependencies: list[str] = field(default_factory=list)
    provider: str = ""
    additional_secret_outputs: list[str] = field(default_factory=list)
    source_position: str = ""


def default_provider(package: str, inputs: Properties) -> Goal:
    """Return the goal of the provider that nobody declared."""
    return Goal(kind=f"{urns.PROVIDER_TYPE_PREFIX}{package}", name="default", custom=True, inputs=inputs)


def from_request(request: Any, directory: str) -> Goal:
    """Read a RegisterResource request; what this engine cannot do is refused, never ignored."""
    _refuse(request)
    if request.custom:
        refuse_package(request.type)
    return Goal(
        kind=request.type,
        name=request.name,
        custom=request.custom,
        inputs=from_struct(request.object),
        parent=request.parent,
        protect=request.protect,
        dependencies=list(request.dependencies),
        provider=request.provider,
        property_dependencies={key: list(found.urns) for key, found in sorted(request.propertyDependencies.items())},
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        ignore_changes=list(request.ignoreChanges),
        additional_secret_outputs=list(request.additionalSecretOutputs),
        aliases=[AliasSpec(urn=urn) for urn in request.aliasURNs] + [_alias(found) for found in request.aliases],
        import_id=request.importId,
        custom_timeouts=_timeouts(request.customTimeouts),
        replace_on_changes=list(request.replaceOnChanges),
        retain_on_delete=request.retainOnDelete,
        source_position=_position(request.sourcePosition, directory),
    )


def from_read_request(request: Any, directory: str) -> ReadGoal:
    """Read a ReadResource request."""
    _refuse(request)
    refuse_package(request.type)
    return ReadGoal(
        kind=request.type,
        name=request.name,
        id=request.id,
        inputs=from_struct(request.properties),
        parent=request.parent,
        dependencies=list(request.dependencies),
        provider=request.provider,
        additional_secret_outputs=list(request.additionalSecretOutputs),
        source_position=_position(request.sourcePosition, directory),
    )


_REFUSED = {
    "remote": "remote components",
    "transforms": "resource transforms",
    "hooks": "resource hooks",
    "deletedWith": "the option deleted_with",
    "replace_with": "the option replace_with",
    "replacement_trigger": "the option replacement_trigger",
    "state_migrations": "the option state_migrations",
    "packageRef": "parameterized packages",
    "version": "the option version",
    "pluginDownloadURL": "the option plugin_download_url",
    "hideDiffs": "the option hide_diffs",
    "envVarMappings": "the option env_var_mappings",
}


def _refuse(request: Any) -> None:
    for descriptor, value in request.ListFields():
        what = _REFUSED.get(descriptor.name)
        if what is not None and not (hasattr(value, "ByteSize") and value.ByteSize() == 0):
            raise UnsupportedError.by_local_engine(f"{what} (resource '{request.name}')")


def refuse_package(kind: str) -> None:
    """Refuse resources that no dynamic provider in Python serves."""
    if urns.package_of(kind) != "pulumi-python":
        raise UnsupportedError.by_local_engine(f"resources of the type {kind}")


def _alias(found: Any) -> AliasSpec:
    if found.WhichOneof("alias") == "urn":
        return AliasSpec(urn=found.urn)
    spec = found.spec
    return AliasSpec(
        name=spec.name,
        kind=spec.type,
        stack=spec.stack,
        project=spec.project,
        parent=spec.parentUrn,
        no_parent=spec.noParent,
    )


def _timeouts(found: Any) -> dict[str, float]:
    named = {"create": found.create, "update": found.update, "delete": found.delete}
    return {name: _seconds(text) for name, text in named.items() if text}


def _seconds(text: str) -> float:
    total = sum(float(amount) * _SECONDS[unit] for amount, unit in _DURATION.findall(text))
    return int(total) if float(total).is_integer() else total


def _position(found: Any, directory: str) -> str:
    if not found.uri:
        return ""
    path = os.path.relpath(unquote(urlsplit(found.uri).path), directory)
    column = f",{found.column}" if found.column else ""
    return f"project:///{quote(path)}#{found.line}{column}"
