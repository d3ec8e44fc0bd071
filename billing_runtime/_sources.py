"""Where a manifest comes from: a value, a file, the environment, a Pulumi state file, or the Pulumi CLI."""

from __future__ import annotations

import glob
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from billing_runtime._reading import read_manifest
from billing_runtime._validation import validate_manifest
from billing_runtime.errors import ManifestInvalid, ManifestNotFound, WrongStack

if TYPE_CHECKING:
    import os

    from billing_runtime.manifest import Manifest

ENVIRONMENT = "BILLING_MANIFEST"
_ARGUMENT = "the argument manifest="
_STACK_TYPE = "pulumi:pulumi:Stack"
_FULLY_QUALIFIED = 3


def load_manifest(
    source: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    *,
    stack: str | None = None,
    environ: Mapping[str, str] | None = None,
    project_dir: str | os.PathLike[str] | None = None,
) -> Manifest:
    """The manifest from `source`, else from BILLING_MANIFEST, else from the outputs of the Pulumi stack."""
    return sourced_manifest(source, stack=stack, environ=environ, project_dir=project_dir)[0]


def sourced_manifest(
    source: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    *,
    stack: str | None = None,
    environ: Mapping[str, str] | None = None,
    project_dir: str | os.PathLike[str] | None = None,
) -> tuple[Manifest, object]:
    """The manifest and where it was found: a Path, if it is in a file."""
    data, where = _find(source, stack, _environment(environ), project_dir)
    manifest = read_manifest(validate_manifest(_whole_numbers(data), where))
    if stack is not None and not _is_of(manifest, stack):
        raise WrongStack.of(asked=stack, found=manifest.stack, where=where)
    return manifest, where


def _is_of(manifest: Manifest, stack: str) -> bool:
    """Whether the stack, spelled as for Pulumi (dev, org/dev or org/project/dev), is the manifest's."""
    project, name = _project_and_name(stack)
    return name == manifest.stack and project in {None, manifest.project}


def _project_and_name(stack: str) -> tuple[str | None, str]:
    parts = stack.split("/")
    return parts[1] if len(parts) == _FULLY_QUALIFIED else None, parts[-1]


def _environment(environ: Mapping[str, str] | None) -> Mapping[str, str]:
    import os

    return os.environ if environ is None else environ


def _find(
    source: Mapping[str, Any] | str | os.PathLike[str] | None,
    stack: str | None,
    environ: Mapping[str, str],
    project_dir: str | os.PathLike[str] | None,
) -> tuple[object, object]:
    """The JSON value and a name for the place it was found."""
    if source is None and environ.get(ENVIRONMENT):
        return _from_environment(environ[ENVIRONMENT])
    if source is None:
        return _from_stack(stack, environ, project_dir)
    if isinstance(source, Mapping):
        return dict(source), _ARGUMENT
    return _from_text_or_file(source)


def _from_environment(value: str) -> tuple[object, object]:
    data, where = _from_text_or_file(value)
    return data, ENVIRONMENT if where == _ARGUMENT else where


def _from_text_or_file(source: str | os.PathLike[str]) -> tuple[object, object]:
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return _manifest_in(_parsed(source, _ARGUMENT), _ARGUMENT), _ARGUMENT
    path = Path(source)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise ManifestNotFound.no_file(path) from None
    except UnicodeDecodeError:
        raise ManifestInvalid(path, ["it is no UTF-8 text"]) from None
    return _manifest_in(_parsed(text, path), path), path


def _parsed(text: str, where: object) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ManifestInvalid(where, [f"it is no JSON{place}"]) from None


def _manifest_in(data: object, where: object) -> object:
    """The manifest itself, also out of a state file or `pulumi stack export`."""
    if not isinstance(data, dict):
        return data
    if "checkpoint" not in data and "deployment" not in data:
        return data
    return _stack_output(_fields(data.get("deployment") or _fields(data.get("checkpoint")).get("latest")), where)


def _fields(value: object) -> dict[str, Any]:
    """An object's fields; a broken state may have anything in its place."""
    return value if isinstance(value, dict) else {}


def _stack_output(state: dict[str, Any], where: object) -> object:
    found = state.get("resources")
    resources = map(_fields, found if isinstance(found, list) else [])
    outputs = next((resource.get("outputs") for resource in resources if resource.get("type") == _STACK_TYPE), None)
    manifest = _fields(outputs).get("manifest")
    if manifest is None:
        raise ManifestNotFound.no_output(where)
    if "ciphertext" in _fields(manifest):
        raise ManifestNotFound.encrypted(where)
    return manifest


def _from_stack(
    stack: str | None, environ: Mapping[str, str], project_dir: str | os.PathLike[str] | None
) -> tuple[object, object]:
    if stack is None:
        raise ManifestNotFound.nowhere()
    state = _state_file(stack, environ.get("PULUMI_BACKEND_URL", ""), Path(project_dir or "."))
    if state is not None:
        return _from_text_or_file(state)
    from billing_runtime._pulumi import stack_output

    where = f"stack {stack}"
    return _parsed(stack_output(stack, environ, project_dir), where), where


def _state_file(stack: str, backend: str, project_dir: Path) -> Path | None:
    """The stack's state in a file backend, which needs no Pulumi CLI to be read."""
    url = urlsplit(backend)
    if url.scheme != "file":
        return None
    # file://./state and file://~ are Pulumi's relative spellings: the first part arrives as the host.
    root = project_dir / Path(unquote(url.netloc + url.path)).expanduser()
    project, name = _project_and_name(stack)
    file, folders = f"{glob.escape(name)}.json", [glob.escape(project)] if project else ["*", "."]
    found = [path for folder in folders for path in sorted(root.glob(f".pulumi/stacks/{folder}/{file}"))]
    if len(found) > 1:
        raise ManifestNotFound.ambiguous_stack(stack, found)
    return found[0] if found else None


def _whole_numbers(value: object) -> object:
    """Pulumi hands 1200 back as 1200.0: the same number, and JSON Schema calls both an integer."""
    if isinstance(value, dict):
        return {key: _whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
