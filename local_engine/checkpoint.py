"""The checkpoint file, version 3: one stack's whole state as one line of JSON."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from local_engine import integrity
from local_engine.errors import StateError, UnsupportedError
from local_engine.shapes import is_operation, is_resource
from local_engine.state import Operation, ResourceState, Snapshot, from_json, now, to_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local_engine.passphrase import Crypter
    from local_engine.state import Cipher

_VERSION = 3
ENGINE_VERSION = "v3.260.0"  # the CLI whose format this is; the magic below is computed from it


class Document:
    """A state that is well-formed, but whose secrets are still closed."""

    def __init__(self, path: Path | None, text: str) -> None:
        if path is None:
            self._broken = _refuser("the deployment cannot be imported", "Nothing was changed.")
        else:
            way_out = f"Restore it from {path.name}.bak or a backup; nothing was changed."
            self._broken = _refuser(f"the state file {path} cannot be used", way_out)
        content = self._read(text, "deployment" if path is None else "checkpoint")
        self.latest = self._checked(content if path is None else content.get("latest") or {})

    @classmethod
    def of_deployment(cls, text: str) -> Document:
        """Read what `stack export` wrote."""
        return cls(None, text)

    def _read(self, text: str, part: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
            version, content = found["version"], found[part]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._broken(f"it is not a Pulumi {part}") from None
        if version != _VERSION:
            raise self._broken(_of_other_version(version))
        if not isinstance(content, dict):
            raise self._broken(f"it is not a Pulumi {part}")
        return content

    def _checked(self, latest: Any) -> dict[str, Any]:
        try:
            manifest = latest.get("manifest") or {}
            magic, version = manifest.get("magic") or "", manifest.get("version") or ""
            damaged = (magic or version) and magic != _magic(version)
            lists = [latest.get(name) or [] for name in ("resources", "pending_operations")]
        except AttributeError:
            raise self._broken("it is not as Pulumi writes it") from None
        if not all(isinstance(found, list) for found in lists):
            raise self._broken("it is not as Pulumi writes it")
        if damaged:
            raise self._broken("its magic cookie does not match, so it was edited or damaged")
        return dict(latest)

    @property
    def resource_count(self) -> int:
        """How many resources it holds, the stack and its providers included."""
        return len(self.latest.get("resources") or [])

    @property
    def time(self) -> str | None:
        """When it was written, if it ever was."""
        return (self.latest.get("manifest") or {}).get("time")

    @property
    def salt(self) -> str | None:
        """The encryption salt kept in the file, if it has one."""
        try:
            provider = self.latest.get("secrets_providers") or {}
            kind, salt = str(provider.get("type", "")), (provider.get("state") or {}).get("salt")
        except AttributeError:
            raise self._broken("its secrets provider is not as Pulumi writes it") from None
        if kind not in {"", "passphrase"}:
            raise UnsupportedError.by_local_engine(f"the secrets provider '{kind}'")
        return None if salt is None else str(salt)

    def open(self, cipher: Cipher) -> Snapshot:
        """Decrypt the file, and refuse one that does not hold together."""
        try:
            snapshot = self._open(cipher)
            found = next(iter(integrity.problems(snapshot.resources)), None)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError):
            raise self._broken("one of its resources is not as Pulumi writes it") from None
        if found:
            raise self._broken(f"snapshot integrity failure; refusing to use it: {found}")
        return snapshot

    def _open(self, cipher: Cipher) -> Snapshot:
        resources, pending = self.latest.get("resources") or [], self.latest.get("pending_operations") or []
        if not (all(map(is_resource, resources)) and all(map(is_operation, pending))):
            raise ValueError(self)
        return Snapshot(
            resources=[from_json(item, cipher) for item in resources],
            pending=[Operation(item["type"], from_json(item["resource"], cipher)) for item in pending],
            metadata=self.latest.get("metadata") or {},
        )


def _refuser(what: str, way_out: str) -> Callable[[str], StateError]:
    return lambda why: StateError(f"{what}: {why}. {way_out}")


def _of_other_version(version: Any) -> str:
    if isinstance(version, int) and version > _VERSION:
        return f"it has version {version}, and this engine reads version {_VERSION}; the Pulumi CLI may read it"
    return f"it has version {version}, and this engine reads version {_VERSION}"


def _magic(version: str) -> str:
    return hashlib.sha256(str(version).encode()).hexdigest()


def empty(stack: str) -> str:
    """Return the file of a stack that was never written."""
    return _dumps({"version": _VERSION, "checkpoint": {"stack": stack}})


def rendered_again(stack: str, latest: dict[str, Any]) -> str:
    """Return the whole file with a content that is sealed already."""
    return _dumps({"version": _VERSION, "checkpoint": {"stack": stack, "latest": latest}})


def exported(latest: dict[str, Any]) -> dict[str, Any]:
    """Return the document of `stack export`."""
    return {"version": _VERSION, "deployment": latest}


def render(stack: str, snapshot: Snapshot, crypter: Crypter, time: str | None = None) -> str:
    """Return the whole file; resources that did not change are not encrypted again."""

    def write(state: ResourceState) -> str:
        return _dumps(to_json(state, crypter))

    resources = [state.text(write) for state in snapshot.resources]
    pending = [f'{{"resource":{item.resource.text(write)},"type":"{item.kind}"}}' for item in snapshot.pending]
    # Long, and written at every step: so the text is put together once, of pieces between which there are commas.
    manifest = _dumps(_manifest(time or now()))
    pieces = [
        f'{{"version":{_VERSION},"checkpoint":{{"stack":{_dumps(stack)},"latest":{{"manifest":{manifest}',
        f'"secrets_providers":{_dumps(_secrets_provider(crypter))}',
        *_list("resources", resources),
        *_list("pending_operations", pending),
        f'"metadata":{_dumps(snapshot.metadata)}}}}}}}',
    ]
    return ",".join(pieces)


def _list(name: str, items: list[str]) -> list[str]:
    if not items:
        return []
    pieces = [f'"{name}":[{items[0]}', *items[1:]]
    pieces[-1] += "]"
    return pieces


def _manifest(time: str) -> dict[str, str]:
    return {"time": time, "magic": _magic(ENGINE_VERSION), "version": ENGINE_VERSION}


def _secrets_provider(crypter: Crypter) -> dict[str, Any]:
    return {"type": "passphrase", "state": {"salt": crypter.state}}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
