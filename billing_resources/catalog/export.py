"""``export_manifest``: what this program declared, as stack outputs. https://www.pulumi.com/docs/iac/concepts/stacks/"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pulumi

from billing_resources._engine.declared import Declared, RefusedInProgram, declared_here, plans_here
from billing_resources._engine.facts import KeyOf, Reference
from billing_resources._engine.settings import API_VERSION
from billing_resources._engine.validation import path_text
from billing_resources.catalog.manifest import Json, Listed, StackFacts, build, derived_plans, validated
from billing_resources.catalog.names import hint
from billing_resources.catalog.references import references, resolved

_MADE = ("id", "account", "livemode", "api_version")
_Pairs = list[tuple[Declared, Mapping[str, Any]]]


def export_manifest() -> None:
    """Export ``manifest`` (plain) and ``webhookSecrets`` (secret) of everything declared so far: call it last.

    A program that declares no ``Plan`` gets one for each product. Raises InvalidDeclaration when a limit names a meter
    that is not there.
    """
    export_manifest_of(plans_here() or None)


def export_manifest_of(plans: Mapping[str, Mapping[str, Any]] | None) -> None:
    """Export the manifest with these plans; with None they are derived from the products."""
    known = list(declared_here().values())
    unknown = [*_unknown_meters(known), *_secrets_of_one_name(known)]
    if unknown:
        raise RefusedInProgram("the manifest cannot be made", unknown)
    version = pulumi.Config("stripe").get("apiVersion") or API_VERSION
    stack = StackFacts(pulumi.get_project(), pulumi.get_stack(), api_version=version)
    made = pulumi.Output.all(*[_made(one) for one in known])
    pulumi.export("manifest", made.apply(lambda found: _manifest(list(zip(known, found, strict=True)), plans, stack)))
    pulumi.export("webhookSecrets", _secrets(known))


def _unknown_meters(known: list[Declared]) -> Iterator[str]:
    meters = [one.key for one in known if one.resource.kind.name == "Meter"]
    for one in known:
        kind = one.resource.kind
        for place, _, name in references(kind.shape, one.args, facts=(KeyOf,)):
            if name not in meters:
                yield f"{kind.name} {one.key!r}: {path_text(place)} names no meter here: {hint(name, meters)}"


def _secrets_of_one_name(known: list[Declared]) -> Iterator[str]:
    first: dict[str, str] = {}
    for one in known:
        kind = one.resource.kind
        before = first.setdefault(one.key, kind.name) if kind.stripe.secret else kind.name
        if before != kind.name:
            yield f"{kind.name} {one.key!r}: {before} has this name already: their signing secrets are in one output"


def _secrets(known: list[Declared]) -> pulumi.Output[dict[str, Any]]:
    """The signing secrets by name; a destination that is no address of ours has none."""
    found = {one.key: _output(one, "secret") for one in known if one.resource.kind.stripe.secret}
    addressed = [one.key for one in known if one.resource.kind.stripe.secret and _has_address(one.args)]
    told = _told_secrets()
    return pulumi.Output.secret(found).apply(lambda made: _all_secrets(made, told, addressed))


def _told_secrets() -> Mapping[str, Any]:
    told = pulumi.Config("billing").get_object("webhookSecrets") or {}
    if not isinstance(told, Mapping):
        raise RefusedInProgram("billing:webhookSecrets", ["takes an object: the signing secrets by their names"])
    return told


def _has_address(args: Mapping[str, Any]) -> bool:
    return args.get("url") is not None or args.get("webhook_endpoint") is not None


def _all_secrets(made: Mapping[str, Any], told: Mapping[str, Any], addressed: Iterable[str]) -> dict[str, Any]:
    """What Stripe showed when it made them, and for what was imported what the stack's settings say."""
    secrets = {**told, **{name: secret for name, secret in made.items() if secret is not None}}
    for name in addressed:
        if secrets.get(name) is None:
            pulumi.warn(
                f"webhookSecrets has no secret of {name}: Stripe shows one when it makes an endpoint, and this one was "
                f"imported. Reveal it in Stripe's Dashboard, and run `pulumi config set --secret --path "
                f"billing:webhookSecrets.{name}`, which asks for it; or rotate the endpoint"
            )
    return {name: secrets[name] for name in made if secrets.get(name) is not None}


def _made(one: Declared) -> dict[str, Any]:
    return {"args": dict(one.args), **{name: _output(one, name) for name in _MADE}}


def _output(one: Declared, name: str) -> Any:
    return getattr(one.resource, name, None)


def _manifest(pairs: _Pairs, plans: Mapping[str, Any] | None, stack: StackFacts) -> Json:
    listed = list(_with_products_of_others(_listed(pairs)))
    first = pairs[0][1] if pairs else {}
    facts = StackFacts(stack.project, stack.stack, first.get("account"), first.get("livemode"), stack.api_version)
    return validated(build(listed, derived_plans(listed) if plans is None else plans, facts))


def _listed(pairs: _Pairs) -> Iterator[Listed]:
    """The declared objects, with the ids in their arguments turned back into names."""
    keys = {(one.resource.kind.name, made["id"]): one.key for one, made in pairs}
    for one, made in pairs:
        kind, args = one.resource.kind, made["args"]
        named = [(named_kind, id_) for _, named_kind, id_ in references(kind.shape, args, facts=(Reference,))]
        foreign = [id_ for named_kind, id_ in named if named_kind == "Meter" and (named_kind, id_) not in keys]
        if foreign:
            pulumi.warn(f"the manifest leaves out {kind.name} {one.key!r}: its meter {foreign[0]} is not declared here")
            continue
        by_name = resolved(kind.shape, args, lambda named_kind, id_: keys.get((named_kind, id_), id_))
        yield Listed(kind.name, one.key, by_name, made["id"], made)


def _with_products_of_others(listed: Iterable[Listed]) -> Iterator[Listed]:
    """Prices may belong to products that are not declared here: these are known by their ids."""
    known = list(listed)
    here = {one.key for one in known if one.kind == "Product"}
    others = dict.fromkeys(
        one.args["product"] for one in known if one.kind == "Price" and one.args["product"] not in here
    )
    yield from known
    yield from (Listed("Product", id_, {}, id_) for id_ in others)
