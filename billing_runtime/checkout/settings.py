"""What an application says once about its checkout, instead of at every call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from billing_runtime import _inputs
from billing_runtime.errors import InvalidInput
from billing_runtime.plan_changes import PlanChanges

#: What becomes of the later one of two subscriptions in one group of plans: cancelled and its payment refunded,
#: only cancelled, or left alone; it is reported in every case.
Duplicates = Literal["refund", "cancel", "report"]
DUPLICATES: tuple[Duplicates, ...] = ("refund", "cancel", "report")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutSettings:
    """Where customers come back to, and what is done about a second subscription.

    `return_url` is where the application has mounted `billing.returns.wsgi` or `.asgi`: with it, customers come back by
    way of a signed link that brings their subscription up to date before they see the page. The first of
    `return_secrets` signs, all of them are accepted; without any, one is derived from the API key.
    """

    success_url: str | None = None
    cancel_url: str | None = None
    portal_return_url: str | None = None
    return_url: str | None = None
    return_secrets: tuple[str, ...] = field(default=(), repr=False)
    failed_url: str | None = None
    duplicates: Duplicates = "refund"
    allow_promotion_codes: bool = False
    plan_changes: PlanChanges = field(default_factory=PlanChanges)

    def __post_init__(self) -> None:
        for name in ("success_url", "cancel_url", "portal_return_url", "return_url", "failed_url"):
            value = getattr(self, name)
            if value is not None:
                _inputs.url(name, value)
        if self.duplicates not in DUPLICATES:
            message = f"duplicates must be one of {', '.join(DUPLICATES)}."
            raise InvalidInput(message)
        if not all(self.return_secrets):
            message = "return_secrets must not be empty strings."
            raise InvalidInput(message)
