"""The calls of `Billing` about what an entity may use: limits, features, and gauges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime.limits.gauge import amount, judged
from billing_runtime.limits.terms import limits_in_force, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from billing_runtime._context import Context
    from billing_runtime.catalog import Limit
    from billing_runtime.holdings import Holdings
    from billing_runtime.limits.gauge import Check


class Limiting:
    """What is inherited by `Billing`."""

    _context: Context
    _holdings: Holdings

    def limits(self, entity_id: str) -> Mapping[str, Limit]:
        """The entity's limits by name, from the cache alone.

        Those of its own prices while there is access, else of the free plan; where these lack a name, the default.
        """
        return limits_in_force(self._holdings.of(_inputs.entity(entity_id)), self._context.limits)

    def features(self, entity_id: str) -> Mapping[str, str]:
        """The entity's features by name, from the cache alone."""
        return self._holdings.of(_inputs.entity(entity_id)).features

    def check(self, entity_id: str, name: str, *, current: int | Decimal, adding: int | Decimal = 1) -> Check:
        """Whether so many more of something that the application counts itself may be there: members, projects.

        `current` is how many there are, `adding` how many are to come; nothing is counted or written. A limit of 0
        denies, and so does a name that the entity's terms lack. Of two checks at the same moment both may pass: hold a
        lock of your own around the check and the change. Raises InvalidInput, UnknownName.
        """
        held = self._holdings.of(_inputs.entity(entity_id))
        source = resolve(held, name, self._context.manifest, self._context.limits)
        return judged(held, source, amount("current", current), amount("adding", adding))
