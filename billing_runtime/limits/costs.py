"""What actions cost: one use of an action is so many units of one limit or of several."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from billing_runtime import _inputs
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing_runtime.limits.counting import Amount

#: By action: the limits it draws on, by name, and how many units of each one of it costs.
Costs = Mapping[str, "tuple[tuple[str, Amount], ...]"]


def read_costs(given: Mapping[str, Mapping[str, Amount]], plain: Callable[[str], str], problems: list[str]) -> Costs:
    """The table with plain names; what is wrong with it is added to the problems."""
    found: dict[str, tuple[tuple[str, Amount], ...]] = {}
    for action, costs in given.items():
        name = plain(action) if isinstance(action, str) else ""
        problems += [f"the costs of {action!r}: {fault}" for fault in _faults(name, costs, plain, found)]
        if isinstance(costs, Mapping):
            found[name] = tuple((plain(limit), rate) for limit, rate in sorted(costs.items()))
    problems += [
        f"the costs of {action!r}: {limit!r} has a cost itself"
        for action, costs in found.items()
        for limit, _ in costs
        if limit in found
    ]
    return found


def cost(amount: Amount, rate: Amount) -> Amount:
    """What so many actions cost, exactly. Raises InvalidInput where that has too many digits."""
    with localcontext(EXACT):
        return _inputs.units("the cost", amount * rate)


def uses(units: Amount, rate: Amount) -> Amount:
    """How many actions cost so many units; the reverse of `cost`."""
    with localcontext(EXACT):
        return _inputs.units("the number of actions", Decimal(units) / Decimal(rate))


def _faults(name: str, costs: Any, plain: Callable[[str], str], found: Costs) -> Iterator[str]:
    if not name:
        yield "an action has a name"
    if name in found:
        yield "they are given twice"
    if not isinstance(costs, Mapping) or not costs:
        yield "they name at least one limit"
        return
    if len({plain(limit) for limit in costs}) < len(costs):
        yield "a limit is named twice, with and without its prefix"
    for limit, rate in costs.items():
        try:
            _inputs.units(f"what it costs of {limit!r}", rate)
        except InvalidInput as error:
            yield str(error).partition(":")[0].rstrip(".")
