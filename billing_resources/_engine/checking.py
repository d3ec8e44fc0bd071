"""The provider's second look at a declaration: values that were Outputs in the program are there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.canonical import spelled_out, whole
from billing_resources._engine.ceilings import ceiling
from billing_resources._engine.facts import has_deferred
from billing_resources._engine.marks import BOOKKEEPING
from billing_resources._engine.validation import problems

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target

PROVIDER = "__provider"
Problem = tuple[str, str]


def without_provider(values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties without the pickled provider."""
    return {name: value for name, value in values.items() if name != PROVIDER}


def check(target: Target, news: Mapping[str, Any], session: Session) -> tuple[dict[str, Any], list[Problem]]:
    """The inputs as they are stored, and every problem as ``(property, sentence)``; no request is made."""
    inputs = whole(without_provider(news))
    declared = {name: value for name, value in inputs.items() if name not in BOOKKEEPING}
    found = problems(target.kind, declared)
    further = (*_twice(target, declared, session), *_too_many(target, declared, session))
    return _in_full(target, inputs), [*found, *further, *_nothing_to_adopt(target, declared)]


def _in_full(target: Target, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs without words that stand for others: what is stored and compared is what Stripe is sent."""
    known = target.kind.shape.by_name
    return {name: spelled_out(known[name], value) if name in known else value for name, value in inputs.items()}


def _twice(target: Target, declared: Mapping[str, Any], session: Session) -> Iterator[Problem]:
    """Two resources of one program cannot hold the same lookup key: each run would move it to the other one."""
    kind = target.kind
    for name in kind.stripe.unique:
        value = declared.get(name)
        if isinstance(value, str):
            parent = str(declared.get(kind.stripe.parent, ""))
            holder = session.declared.setdefault((kind.name, parent, name, kind.held(name, value)), target.urn)
            if holder != target.urn:
                yield name, f"is declared by {target.kind.name} {holder.rpartition('::')[2]} as well: it must be unique"


def _too_many(target: Target, declared: Mapping[str, Any], session: Session) -> Iterator[Problem]:
    """Resources that hold a value in common are counted here as well: in the program it may have been an Output."""
    if has_deferred(dict(declared)):
        return
    mine = ceiling(target.kind.name, declared)
    if mine is not None and session.place(mine.of, target.urn) >= mine.most:
        yield "", mine.sentence


def _nothing_to_adopt(target: Target, declared: Mapping[str, Any]) -> Iterator[Problem]:
    kind = target.kind
    found_by = any(declared.get(name) is not None for name in kind.stripe.unique) or kind.stripe.adopts
    if not declared.get("adopt") or found_by:
        return
    command = f"`pulumi import {kind.token} {target.key} ID`"
    if kind.stripe.unique:
        yield "adopt", f"needs {' or '.join(kind.stripe.unique)}, by which the object is found; or run {command}"
    else:
        yield "adopt", f"is not possible: {kind.stripe.noun}s have no name of their own; run {command} instead"


def sentence(problem: Problem) -> str:
    """One problem as the engine shows it: it prints the value beside a property, so the path is in the text."""
    path, said = problem
    return f"{path} {said}" if path else said
