"""``export_manifest``: what this program declared, as stack outputs. https://www.pulumi.com/docs/iac/concepts/stacks/"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from billing_resources._engine.declared import Declared, declared_here, plans_here
from billing_resources._engine.settings import API_VERSION
from billing_resources.catalog.manifest import Json, Listed, StackFacts, build, derived_plans, validated
from billing_resources.catalog.references import resolved

_KEYS_OF = ("Product", "Meter")
"""The kinds whose ids others name."""


def export_manifest() -> None:
    """Export ``manifest`` (plain) and ``webhookSecrets`` (secret) of everything declared so far: call it last.

    A program that declares no ``Plan`` gets one for each product.
    """
    export_manifest_of(plans_here() or None)


def export_manifest_of(plans: Mapping[str, Mapping[str, Any]] | None) -> None:
    """Export the manifest with these plans; with None they are derived from the products."""
    known = list(declared_here().values())
    made = pulumi.Output.all(*[_made(one) for one in known])
    project, stack = pulumi.get_project(), pulumi.get_stack()
    version = pulumi.Config("stripe").get("apiVersion") or API_VERSION
    manifest = made.apply(lambda found: _manifest(known, found, plans, StackFacts(project, stack, api_version=version)))
    pulumi.export("manifest", manifest)
    endpoints = [one for one in known if one.resource.kind.name == "WebhookEndpoint"]
    pulumi.export("webhookSecrets", pulumi.Output.secret({one.key: _output(one, "secret") for one in endpoints}))


def _made(one: Declared) -> dict[str, Any]:
    names = ("id", "account", "livemode", "api_version")
    return {"args": dict(one.args), **{name: _output(one, name) for name in names}}


def _output(one: Declared, name: str) -> Any:
    return getattr(one.resource, name, None)


def _manifest(
    known: Iterable[Declared], found: list[dict[str, Any]], plans: Mapping[str, Any] | None, stack: StackFacts
) -> Json:
    pairs = list(zip(known, found, strict=True))
    keys = {(one.resource.kind.name, made["id"]): one.key for one, made in pairs if one.resource.kind.name in _KEYS_OF}
    listed = [_listed(one, made, keys) for one, made in pairs]
    first: dict[str, Any] = found[0] if found else {}
    facts = StackFacts(stack.project, stack.stack, first.get("account"), first.get("livemode"), stack.api_version)
    return validated(build(listed, derived_plans(listed) if plans is None else plans, facts))


def _listed(one: Declared, made: Mapping[str, Any], keys: Mapping[tuple[str, str], str]) -> Listed:
    kind = one.resource.kind
    args = resolved(kind.shape, made["args"], lambda named, id_: keys.get((named, id_), id_))
    return Listed(kind.name, one.key, args, made["id"], made)
