"""``deploy_catalog``: a catalog file as this program's resources and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from billing_resources._engine.declared import RefusedInProgram, declared_here
from billing_resources._engine.fields import Shape, fields_of
from billing_resources._engine.resource import StripeResource
from billing_resources.alert import Alert
from billing_resources.catalog.entries import entries, section
from billing_resources.catalog.export import export_manifest_of
from billing_resources.catalog.loader import Catalog, load_catalog
from billing_resources.catalog.models import PlanArgs
from billing_resources.catalog.plan import Plan
from billing_resources.catalog.problems import InvalidCatalog
from billing_resources.catalog.references import resolved
from billing_resources.meter import Meter
from billing_resources.price import Price
from billing_resources.product import Product
from billing_resources.webhook_endpoint import WebhookEndpoint

_CLASSES: dict[str, type[StripeResource]] = {
    kind.__name__: kind for kind in (Meter, Product, Price, Alert, WebhookEndpoint)
}
_PLAN = Shape(fields=fields_of(PlanArgs))


def deploy_catalog(path: str | Path) -> Catalog:
    """Declare everything in the catalog, as this stack's ``billing:overrides`` change it, and export its manifest.

    The path is relative to the project. Raises InvalidDeclaration with every problem, before anything is registered.
    """
    catalog = _checked(path)
    found = {entry.place: entry for entry in entries(catalog.data) if entry.kind.name == "Meter"}
    for entry in found.values():
        Meter(entry.key, **entry.args)
    for key, plan in section(catalog.data, "plans"):
        Plan(key, **resolved(_PLAN, plan, _id))
    for entry in entries(catalog.data):
        if entry.place[0] not in {"meters", "plans"}:
            _CLASSES[entry.kind.name](entry.key, **resolved(entry.kind.shape, entry.args, _id))
    export_manifest_of(catalog.data.get("plans") or {})
    return catalog


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
