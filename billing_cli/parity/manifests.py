"""Manifests of stacks as environments: from the outputs of either engine, from a file, or from the catalog."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from billing_cli.commands.check import overrides_of
from billing_cli.engines import choose
from billing_cli.engines.workplace import project_name, settings_directory
from billing_cli.errors import OperationFailed
from billing_cli.parity.stack_settings import allowed, own_addresses
from billing_review.parity.environment import Environment
from billing_review.parity.manifest import environment_of_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from billing_cli.engines.workplace import Workplace
    from billing_resources.catalog.loader import Catalog


def of_outputs(workplace: Workplace, engine: str | None) -> Environment:
    """What the stack put out the last time it was provisioned. Raises CliError or a runtime ManifestError."""
    found = choose(engine, workplace).outputs().get("manifest")
    if not isinstance(found, dict):
        raise OperationFailed.no_manifest(workplace.stack)
    return _environment(workplace, _valid(found, f"the outputs of stack {workplace.stack}", workplace.stack))


def of_file(stack: str, path: Path, workplace: Workplace | None) -> Environment:
    """What `billing manifest` wrote into a file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OperationFailed(f"the manifest {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OperationFailed(f"the manifest {path} is no UTF-8 text") from None
    except ValueError as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise OperationFailed(f"the manifest {path} is no JSON{line}: write it with `billing manifest`") from None
    return _environment(workplace, _valid(found, path, stack))


def of_catalog(workplace: Workplace, *, in_full: bool) -> Environment:
    """What the stack would be told of the catalog; in full beside others of the catalog: names, events and all."""
    from billing_resources.catalog import manifest

    workplace.require_settings()
    catalog = load(workplace)
    planned = manifest.of_catalog(catalog, project_name(workplace.directory), workplace.stack)
    short = _environment(workplace, planned, from_catalog=True)
    if not in_full:
        return short
    objects = {(entry.kind.name, entry.key): entry.kind.canonical(entry.args) for entry in catalog.entries}
    return replace(short, objects=objects, own_addresses=own_addresses(workplace, objects))


def load(workplace: Workplace) -> Catalog:
    """The catalog as the stack changes it."""
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.problems import InvalidCatalog

    path = settings_directory(workplace.directory) / "catalog.yaml"
    try:
        return load_catalog(path, overrides_of(workplace.directory, workplace.stack), workplace.stack)
    except InvalidCatalog as error:
        raise OperationFailed(str(error)) from None


def _valid(found: Any, where: object, stack: str) -> dict[str, Any]:
    """A manifest that the runtime would open, of the stack that was named."""
    from billing_runtime._validation import validate_manifest

    manifest = validate_manifest(found, where)
    if manifest["stack"] != stack:
        raise OperationFailed(f"the manifest in {where} is of stack {manifest['stack']}, not of {stack}")
    return manifest


def _environment(workplace: Workplace | None, manifest: dict[str, Any], *, from_catalog: bool = False) -> Environment:
    bare = environment_of_manifest(manifest, allowed=allowed(workplace)[0], from_catalog=from_catalog)
    return replace(bare, own_addresses=own_addresses(workplace, bare.objects))
