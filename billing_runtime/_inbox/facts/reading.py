"""Reading the object an event is about, as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stripe import StripeClient

    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]

# In v1 and in v2. A 404 alone may also mean that the address is wrong, and that must not pass for an answer.
_GONE = frozenset({"resource_missing", "not_found"})


def read(api: StripeApi, doing: str, request: Callable[[StripeClient], Any]) -> Json | None:
    """The object, or None if Stripe no longer has it: what an event was about may be gone by now."""
    try:
        return api.read(doing, request)
    except StripeRefused as refusal:
        if refusal.code in _GONE:
            return None
        raise


def picked(body: Json, names: Iterable[str]) -> Json:
    """These fields, with objects that were expanded reduced to their ids."""
    return {name: id_of(body.get(name)) for name in names}


def id_of(value: Any) -> Any:
    """The id of an expanded object, or the value itself."""
    return value["id"] if isinstance(value, dict) and "object" in value and "id" in value else value
