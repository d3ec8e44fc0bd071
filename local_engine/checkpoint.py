"""The checkpoint file, version 3: one stack's whole state as one line of JSON."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from local_engine import integrity
from local_engine.errors import StateError, UnsupportedError
from local_engine.state import Operation, ResourceState, Snapshot, from_json, now, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from local_engine.passphrase import Crypter
    from local_engine.state import Cipher

_VERSION = 3
ENGINE_VERSION = "v3.260.0"  # the CLI whose format this is; the magic below is computed from it


class Document:
    """A state file that is well-formed, but whose secrets are still closed."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._latest: dict[str, Any] = self._read(text)

    def _read(self, text: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
            version, checkpoint = found["version"], found["checkpoint"]
            latest = checkpoint.get("latest") or {}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise self._broken("it is not a Pulumi checkpoint") from None
        if version != _VERSION:
            raise self._broken(f"it has version {version}, and this engine reads version {_VERSION}")
        return self._checked(latest)

    def _checked(self, latest: dict[str, Any]) -> dict[str, Any]:
        manifest = latest.get("manifest") or {}
        magic, version = manifest.get("magic") or "", manifest.get("version") or ""
        if (magic or version) and magic != _magic(version):
            raise self._broken("its magic cookie does not match, so it was edited or damaged")
        return latest

    def _broken(self, why: str) -> StateError:
        return StateError(
            f"the state file {self._path} cannot be used: {why}. Restore it from {self._path.name}.bak or a backup; "
            "nothing was changed."
        )

    @property
    def salt(self) -> str | None:
        """The encryption salt kept in the file, if it has one."""
        provider = self._latest.get("secrets_providers") or {}
        kind = provider.get("type", "")
        if kind not in {"", "passphrase"}:
            raise UnsupportedError.by_local_engine(f"the secrets provider '{kind}'")
        return (provider.get("state") or {}).get("salt")

    def open(self, cipher: Cipher) -> Snapshot:
        """Decrypt the file, and refuse one that does not hold together."""
        try:
            snapshot = self._open(cipher)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._broken("one of its resources is not as Pulumi writes it") from None
        if found := next(iter(integrity.problems(snapshot.resources)), None):
            raise self._broken(f"snapshot integrity failure; refusing to use it: {found}")
        return snapshot

    def _open(self, cipher: Cipher) -> Snapshot:
        pending = self._latest.get("pending_operations") or []
        return Snapshot(
            resources=[from_json(item, cipher) for item in self._latest.get("resources") or []],
            pending=[Operation(item["type"], from_json(item["resource"], cipher)) for item in pending],
            metadata=self._latest.get("metadata") or {},
        )


def _magic(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()


def empty(stack: str) -> str:
    """Return the file of a stack that was never written."""
    return _dumps({"version": _VERSION, "checkpoint": {"stack": stack}})


def render(stack: str, snapshot: Snapshot, crypter: Crypter) -> str:
    """Return the whole file; resources that did not change are not encrypted again."""
    parts = [f'"manifest":{_dumps(_manifest())}', f'"secrets_providers":{_dumps(_secrets_provider(crypter))}']
    if snapshot.resources:
        parts.append(f'"resources":{_list([_text(state, crypter) for state in snapshot.resources])}')
    if snapshot.pending:
        operations = [
            f'{{"resource":{_text(item.resource, crypter)},"type":"{item.kind}"}}' for item in snapshot.pending
        ]
        parts.append(f'"pending_operations":{_list(operations)}')
    parts.append(f'"metadata":{_dumps(snapshot.metadata)}')
    return f'{{"version":{_VERSION},"checkpoint":{{"stack":{_dumps(stack)},"latest":{{{",".join(parts)}}}}}}}'


def _text(state: ResourceState, cipher: Cipher) -> str:
    if state.text is None:
        text = _dumps(to_json(state, cipher))
        state.text = text
        return text
    return state.text


def _list(items: Sequence[str]) -> str:
    return f"[{','.join(items)}]"


def _manifest() -> dict[str, str]:
    return {"time": now(), "magic": _magic(ENGINE_VERSION), "version": ENGINE_VERSION}


def _secrets_provider(crypter: Crypter) -> dict[str, Any]:
    return {"type": "passphrase", "state": {"salt": crypter.state}}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
