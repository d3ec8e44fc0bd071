"""What a commit or a refund asks for: amounts by name, or how many of the actions that were paid by their cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from billing_runtime.consuming.counted import whole
from billing_runtime.errors import InvalidInput, RefundTooLarge
from billing_runtime.limits.counting import amount_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing_runtime.consuming.taken import Taken
    from billing_runtime.limits.counting import Amount

Amounts = dict[str, "Amount"]


def named(taken: Sequence[Taken], amount: Amount) -> Amounts:
    """A plain number is of the one name, or of the one action, that the decision is about."""
    actions = {one.action for one in taken if one.rate is not None}
    names = {one.name for one in taken}
    if len(actions) == 1 and all(one.rate is not None for one in taken):
        return {actions.pop(): amount}
    if len(names) > 1:
        message = f"The decision is about {', '.join(sorted(names))}: say how much of each, as a mapping."
        raise InvalidInput(message)
    return {names.pop(): amount}


def check(taken: Sequence[Taken], amounts: Amounts | None) -> None:
    """Every name is one of the decision's, and has whole units where a meter counts. Raises InvalidInput."""
    for name, amount in (amounts or {}).items():
        found = [(one, units) for one, units in _about(taken, name, amount) if not one.own]
        if not found:
            known = {one.name for one in taken} | {one.action for one in taken if one.rate is not None}
            message = f"{name!r} is no part of this decision, which is about {', '.join(sorted(known))}."
            raise InvalidInput(message)
        for one, units in found:
            if one.meter is not None:
                whole(one.name, units)


def used(taken: Sequence[Taken], amounts: Amounts | None) -> list[Amount]:
    """How much of each was used in the end: what was taken before the last of a name is used up first."""
    if amounts is None:
        return [one.part.amount for one in taken]
    found: list[Amount] = [0] * len(taken)
    for name, amount in amounts.items():
        for own in (False, True):
            mine = [number for number, one in enumerate(taken) if one.own == own and name in _names(one)]
            _spread(taken, mine, name, amount, found)
    return found


def _spread(taken: Sequence[Taken], mine: list[int], name: str, amount: Amount, found: list[Amount]) -> None:
    rest = amount
    for number in mine:
        one = taken[number]
        if one.name != name and one.rate is not None:
            found[number] += amount * one.rate
            continue
        units = rest if number == mine[-1] else min(rest, one.part.amount)
        found[number] += units
        rest -= units


def to_give_back(taken: Sequence[Taken], amounts: Amounts | None, receipt: str) -> list[Amount]:
    """How much of each is given back, last in first out. Raises RefundTooLarge."""
    if amounts is None:
        return [one.units for one in taken]
    found: list[Amount] = [0] * len(taken)
    for name, amount in amounts.items():
        for one, units in _about(taken, name, amount):
            _draw(taken, one, name, units, found, receipt)
    return found


def _draw(taken: Sequence[Taken], like: Taken, name: str, units: Amount, found: list[Amount], receipt: str) -> None:
    mine = [
        number
        for number, one in enumerate(taken)
        if one.counter == like.counter and (name == one.name or one.action == like.action)
    ]
    rest = units
    for number in reversed(mine):
        back = min(taken[number].units - found[number], rest)
        found[number] += back
        rest -= back
    if rest:
        left = amount_text(units - rest)
        raise RefundTooLarge.of(receipt, like.name, wanted=amount_text(units), left=left)


def _about(taken: Sequence[Taken], name: str, amount: Amount) -> list[tuple[Taken, Amount]]:
    """One of each counter that a name is about, and how many units of it that is."""
    found: dict[tuple[str, str], tuple[Taken, Amount]] = {}
    for one in taken:
        if one.name == name:
            found[one.counter] = one, amount
        elif one.action == name and one.rate is not None:
            found[one.counter] = one, amount * one.rate
    return list(found.values())


def _names(one: Taken) -> set[str]:
    return {one.name} if one.rate is None else {one.name, one.action}


def text(amounts: Amounts | Mapping[str, Amount] | None) -> str:
    """A request, comparable."""
    if amounts is None:
        return "all"
    return json.dumps({name: amount_text(amounts[name]) for name in sorted(amounts)})
