"""`stack export` and `stack import`: a stack's state as a document of its own."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from local_engine import checkpoint, locks
from local_engine.backend import qualified
from local_engine.errors import StateError
from local_engine.passphrase import Crypter, read_passphrase
from local_engine.stack_config import stack_file
from local_engine.stacks import backend_of, reader_of, refuse_strangers
from local_engine.values import SECRET_MARK, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local_engine.checkpoint import Document
    from local_engine.project import Project


def stack_export(
    project: Project,
    stack: str,
    *,
    show_secrets: bool = False,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> dict[str, Any]:
    """Return a stack's deployment; secrets are sealed as they are in the state, or open when asked for."""
    env = os.environ if environ is None else environ
    document = backend_of(project, env).read(project.name, stack)
    if not show_secrets:
        return checkpoint.exported(document.latest)
    reader = reader_of(document, stack_file(project, stack, config_file), env)
    return checkpoint.exported(_opened(document.latest, reader))


def _opened(value: Any, reader: Crypter) -> Any:
    if isinstance(value, list):
        return [_opened(item, reader) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET_MARK and "ciphertext" in value:
        return {SIGNATURE: SECRET_MARK, "plaintext": _text_opened(reader.decrypt(str(value["ciphertext"])), reader)}
    return {key: _opened(item, reader) for key, item in value.items()}


def _text_opened(text: str, reader: Crypter) -> str:
    """Open the secrets within a secret, too."""
    if SIGNATURE not in text:
        return text
    return json.dumps(_opened(json.loads(text), reader), ensure_ascii=False, separators=(",", ":"))


def stack_import(
    project: Project,
    stack: str,
    deployment: str | Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    config_file: Path | None = None,
) -> None:
    """Replace a stack's state by a deployment that was exported; all its secrets are sealed for this stack."""
    env = os.environ if environ is None else environ
    text = deployment if isinstance(deployment, str) else json.dumps(deployment)
    backend = backend_of(project, env)
    kept = backend.read(project.name, stack).salt
    document = checkpoint.Document.of_deployment(text)
    passphrase = read_passphrase(env)
    salt = stack_file(project, stack, config_file).salt or kept or document.salt
    writer = Crypter.open(passphrase, salt) if salt else Crypter.create(passphrase)
    snapshot = document.open(_reader(document, writer, passphrase))
    refuse_strangers(snapshot, project, stack)
    with locks.locked(backend, project.name, stack):
        state = checkpoint.render(qualified(project.name, stack), snapshot, writer, document.time)
        backend.write(project.name, stack, state)


def _reader(document: Document, writer: Crypter, passphrase: str) -> Crypter | _NoSecrets:
    if document.salt is None:
        return _NoSecrets()
    return writer if document.salt == writer.state else Crypter.open(passphrase, document.salt)


class _NoSecrets:
    """Reads a deployment that does not say how its secrets are sealed, so none may be."""

    def encrypt(self, text: str) -> str:
        """Refuse: it only reads."""
        raise AssertionError(len(text))

    def decrypt(self, _sealed: str) -> str:
        """Refuse a sealed secret."""
        raise StateError(
            "the deployment cannot be imported: it holds encrypted secrets and no encryption salt. "
            "Export it again with --show-secrets; nothing was changed."
        )
