"""The calls of `Billing` that put counting around work, and count what a language model used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from billing_runtime.consuming.consuming import HOLD, Consuming
from billing_runtime.consuming.metered import Metering
from billing_runtime.errors import InvalidInput
from billing_runtime.llm import LlmUsage, llm_usage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from billing_runtime.billing import Billing
    from billing_runtime.consuming.decision import Decision
    from billing_runtime.consuming.metered import Source
    from billing_runtime.limits.counting import Amount
    from billing_runtime.llm import LlmCosts

P = ParamSpec("P")
R = TypeVar("R")


class Wrapping(Consuming):
    """What is inherited by `Billing`."""

    def metered(
        self,
        name: str,
        *,
        entity: Source,
        amount: Amount | Source = 1,
        used: Callable[[Any], Amount] | None = None,
        member: Source | None = None,
        action: str | None = None,
        expires_in: timedelta = HOLD,
        enforce: bool = True,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Reserve before each call of a function, commit when it has returned, release when it raises.

        `entity`, `amount` and `member` are the name of an argument, or a function that is called with the arguments
        and answers the value; an amount may be a number as well. `used` is called with the result and answers how much
        was really used: more or less than was reserved, 0 too; without it, everything that was reserved. If `used`
        itself raises, everything is counted, since the work was done. Functions and coroutine functions; one that
        yields is refused, since nobody knows when it ends.

            @billing.metered("ai_tokens", entity="org_id", amount="most", used=lambda answer: llm_usage(answer).total)
            def ask(org_id: str, question: str, most: int = 4000): ...

        A call raises LimitReached, with the `decision`, before the function runs; otherwise as `reserve` does. A name
        of an argument that the function lacks is InvalidInput at once, when it is decorated.
        """
        billing = cast("Billing", self)
        return Metering(billing, name, entity, amount, used, member, action, expires_in, enforce).around

    def consume_llm(
        self,
        entity_id: str,
        name: str,
        response: Any,
        *,
        costs: LlmCosts | None = None,
        enforce: bool = False,
        idempotency_key: str | None = None,
        member: str | None = None,
        action: str | None = None,
    ) -> Decision:
        """Count the tokens of a language model's answer (or of its usage block, or an `LlmUsage`).

        The tokens are spent when the answer is there: so `enforce` is False here, and the use is counted and NEVER
        refused; to ask before, reserve, and commit `llm_usage(response).units(costs)`. `costs` is what a token of each
        kind costs in units of the limit, see `LlmUsage.units`. Without an idempotency key the answer's own id is one,
        so that one answer counts once; without `action` the model's name is it, so that the history tells them apart.

        Raises InvalidInput for an answer without token counts, or one that costs nothing; otherwise as `consume` does.
        """
        usage = response if isinstance(response, LlmUsage) else llm_usage(response)
        units = usage.units(costs)
        if not units:
            message = "The answer costs nothing, so there is nothing to count: leave it out, or change its costs."
            raise InvalidInput(message)
        key = idempotency_key or (None if usage.id is None else f"llm/{usage.id}")
        action = action or usage.model
        return self.consume(entity_id, name, units, enforce=enforce, idempotency_key=key, member=member, action=action)
