"""Rules over the whole catalog, each named for what it states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from billing_resources._engine.ceilings import ceiling
from billing_resources._engine.included_rules import billed_limits, included_is_free
from billing_resources._engine.validation import Place, path_text
from billing_resources.catalog import portal_checks
from billing_resources.catalog.entries import Entry, number, section
from billing_resources.catalog.models import SHAPE
from billing_resources.catalog.names import hint
from billing_resources.catalog.places import steps
from billing_resources.catalog.references import references

Problems = Iterator[tuple[Place, str]]


def names_lead_somewhere(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """Every meter that is named is in the catalog."""
    known: dict[str, set[str]] = {}
    for entry in found:
        known.setdefault(entry.kind.name, set()).add(entry.key)
    for place, kind, name in references(SHAPE, data):
        names = known.get(kind, set())
        if name not in names:
            yield place, f"names no {kind.lower()} of this catalog: {hint(name, names)}"


def names_are_unique(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """A plan is a product, so no product has a plan's name."""
    del data
    first: dict[tuple[str, str], Entry] = {}
    for entry in found:
        before = first.setdefault((entry.kind.name, entry.key), entry)
        if before.place != entry.place:
            yield entry.place, f"is the name of {path_text(before.place)} already: a plan is a product, too"


def values_of_one_holder_are_unique(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """Lookup keys, event names and chosen ids: one object of an account holds each."""
    del data
    holders: dict[tuple[Any, ...], Entry] = {}
    for entry in found:
        for name in entry.kind.stripe.unique:
            value, parent = entry.args.get(name), entry.args.get(entry.kind.stripe.parent)
            if not isinstance(value, str):
                continue
            before = holders.setdefault((entry.kind.name, parent, name, entry.kind.held(name, value)), entry)
            if before is not entry:
                yield (*entry.place, name), f"is the {name} of {path_text(before.place)} already: choose another"


def products_have_one_default(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """A product has at most one default price."""
    del data
    defaults: dict[str, Entry] = {}
    for entry in found:
        if entry.kind.name != "Price" or entry.args.get("default") is not True:
            continue
        before = defaults.setdefault(entry.args["product"], entry)
        if before is not entry:
            yield (*entry.place, "default"), f"{path_text(before.place)} is the default price already: choose one"


def audiences_have_one_free_plan(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """Who has no subscription is on the free plan of their kind, so there is one of it."""
    del found
    free: dict[str, str] = {}
    for key, plan in section(data, "plans"):
        if plan.get("free") is not True:
            continue
        audience = plan.get("audience") or ["user", "organization"]
        taken = [(who, free[who]) for who in audience if who in free]
        for who, before in taken[:1]:
            yield ("plans", key, "free"), f"plans.{before} is the free plan for {who} already: there can be one"
        free |= dict.fromkeys(audience, key)


def secrets_have_one_name(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """The signing secrets of endpoints and event destinations are in one output, by name."""
    del data
    first: dict[str, Entry] = {}
    for entry in found:
        before = first.setdefault(entry.key, entry) if entry.kind.stripe.secret else entry
        if before.kind is not entry.kind:
            said = f"is the name of {path_text(before.place)} already: their signing secrets are in one output"
            yield entry.place, said


def one_endpoint_is_left(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """A rotation retires the endpoints before its last one."""
    del found
    for key, endpoint in section(data, "webhook_endpoints"):
        copies, retired = number(endpoint, "rotate", 1), number(endpoint, "retired", 0)
        if retired >= copies >= 1:
            said = f"must be below rotate, which is {copies}: of {key} nothing would be left"
            yield ("webhook_endpoints", key, "retired"), said


def resources_have_room(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """Alerts on one meter and endpoints: a Stripe account takes so many of each."""
    del data
    taken: Counter[Hashable] = Counter()
    for entry in found:
        mine = ceiling(entry.kind.name, entry.args)
        if mine is None:
            continue
        taken[mine.of] += 1
        if taken[mine.of] > mine.most:
            yield entry.place, mine.sentence


def what_is_included_is_free(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """A price that bills a meter begins with what its limits on that meter include, free."""
    del data
    for entry in found:
        recurring = entry.args.get("recurring") if entry.kind.name == "Price" else None
        bills = recurring.get("meter") if isinstance(recurring, Mapping) else None
        for name, limit in billed_limits(entry.args):
            if limit["meter"] == bills:
                for path, sentence in included_is_free(entry.args, name, limit):
                    yield (*entry.place, *steps(path)), sentence


ALL = (
    *portal_checks.ALL,
    one_endpoint_is_left,
    resources_have_room,
    what_is_included_is_free,
    secrets_have_one_name,
    names_lead_somewhere,
    names_are_unique,
    values_of_one_holder_are_unique,
    products_have_one_default,
    audiences_have_one_free_plan,
)
