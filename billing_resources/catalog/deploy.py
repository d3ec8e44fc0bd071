"""``deploy_catalog``: a catalog file as this program's resources and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

import billing_resources
from billing_resources._engine.declared import RefusedInProgram, declared_here
from billing_resources._engine.fields import Shape, fields_of
from billing_resources.catalog.entries import FIRST, Entry, entries, section
from billing_resources.catalog.export import export_manifest_of
from billing_resources.catalog.loader import Catalog, load_catalog
from billing_resources.catalog.models import PlanArgs
from billing_resources.catalog.plan import Plan
from billing_resources.catalog.problems import InvalidCatalog
from billing_resources.catalog.references import resolved

_PLAN = Shape(fields=fields_of(PlanArgs))


def deploy_catalog(path: str | Path) -> Catalog:
    """Declare everything in the catalog, as this stack's ``billing:overrides`` change it, and export its manifest.

    The path is relative to the project. Raises InvalidDeclaration with every problem, before anything is registered.
    """
    catalog = _checked(path)
    listed, plans = list(entries(catalog.data)), dict[str, Plan]()
    first = {name for _, name in FIRST}
    for entry in listed:
        if entry.place[0] in first:
            _declare(entry)
    for key, plan in section(catalog.data, "plans"):
        plans[key] = Plan(key, **resolved(_PLAN, _without_entitlements(plan), _id))
    for entry in listed:
        if entry.place[0] == "plans" and "entitlements" in entry.place:
            _declare(entry, pulumi.ResourceOptions(parent=plans[str(entry.place[1])]))
        elif entry.place[0] not in {"plans", *first}:
            _declare(entry)
    export_manifest_of(catalog.data.get("plans") or {})
    return catalog


def _declare(entry: Entry, opts: pulumi.ResourceOptions | None = None) -> None:
    made = getattr(billing_resources, entry.kind.name)
    made(entry.key, **resolved(entry.kind.shape, entry.args, _id), opts=opts)


def _without_entitlements(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan as the component takes it: its features are attached from outside."""
    return {name: value for name, value in plan.items() if name != "entitlements"}


def _checked(path: str | Path) -> Catalog:
    overrides = pulumi.Config("billing").get_object("overrides")
    if overrides is not None and not isinstance(overrides, Mapping):
        raise RefusedInProgram("billing:overrides", ["takes an object: a JSON merge patch over the catalog"])
    try:
        return load_catalog(path, overrides, pulumi.get_stack())
    except InvalidCatalog as error:
        raise RefusedInProgram(error.heading, error.problems) from None


def _id(kind: str, key: str) -> Any:
    return declared_here()[kind, key].resource.id
