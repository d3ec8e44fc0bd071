"""`@billing.metered("ai_tokens", entity="user_id")`: a function that may be called as long as the plan allows it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import timedelta

    from billing_runtime.billing import Billing
    from billing_runtime.limits.counting import Amount

P = ParamSpec("P")
R = TypeVar("R")

#: Where a value is from: the name of an argument, or a function that is called with the arguments.
Source = str | Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Metering:
    """How calls of a function are counted."""

    billing: Billing
    name: str
    entity: Source
    amount: Amount | Source
    used: Callable[[Any], Amount] | None
    member: Source | None
    action: str | None
    expires_in: timedelta
    enforce: bool

    def around(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, which reserves before it runs and commits when it has."""
        name = getattr(function, "__qualname__", repr(function))
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            message = f"{name} yields, so nobody knows when it has ended: use billing.reserve inside of it."
            raise InvalidInput(message)
        signature = inspect.signature(function)
        for what in ("entity", "amount", "member"):
            source = getattr(self, what)
            if isinstance(source, str) and source not in signature.parameters:
                known = ", ".join(signature.parameters) or "none"
                message = f"{name} has no argument {source!r} to take the {what} from: it has {known}."
                raise InvalidInput(message)
        if inspect.iscoroutinefunction(function):
            return cast("Callable[P, R]", self._async(function, signature))
        return self._sync(function, signature)

    def _sync(self, function: Callable[P, R], signature: inspect.Signature) -> Callable[P, R]:
        @wraps(function)
        def metered(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.billing.reserve(**self._asked(signature, args, kwargs)) as held:
                result = function(*args, **kwargs)
                try:
                    actual = self._used_by(result)
                except BaseException:
                    held.commit()
                    raise
                held.commit(actual)
            return result

        return metered

    def _async(
        self, function: Callable[..., Coroutine[Any, Any, Any]], signature: inspect.Signature
    ) -> Callable[..., Coroutine[Any, Any, Any]]:
        @wraps(function)
        async def metered(*args: Any, **kwargs: Any) -> Any:
            async with self.billing.aio.reserve(**self._asked(signature, args, kwargs)) as held:
                result = await function(*args, **kwargs)
                try:
                    actual = self._used_by(result)
                except BaseException:
                    await held.commit()
                    raise
                await held.commit(actual)
            return result

        return metered

    def _asked(self, signature: inspect.Signature, args: Any, kwargs: Any) -> dict[str, Any]:
        """What is reserved for a call; one that does not fit the function is the TypeError it always was."""
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()

        def value(source: Any) -> Any:
            if isinstance(source, str):
                return bound.arguments[source]
            return source(*args, **kwargs) if callable(source) else source

        return {
            "entity_id": value(self.entity),
            "name": self.name,
            "amount": value(self.amount),
            "member": value(self.member),
            "action": self.action,
            "expires_in": self.expires_in,
            "enforce": self.enforce,
        }

    def _used_by(self, result: Any) -> Amount | None:
        return None if self.used is None else self.used(result)
