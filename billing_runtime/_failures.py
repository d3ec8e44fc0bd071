"""What a failed call to Stripe means: will it pass, what is to be said (https://docs.stripe.com/error-low-level)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.errors import StripeRefused, StripeUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripe import StripeError

    from billing_runtime.errors import StripeCallError


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt, in Stripe's terms."""

    status: int | None
    code: str | None
    param: str | None
    kind: str | None
    message: str
    request_id: str | None
    advice: str | None
    replayed: bool
    hint: float | None
    reachable: bool

    @property
    def refused(self) -> bool:
        """Whether Stripe understood and said no."""
        return self.status is not None and 400 <= self.status < 500 and self.status not in {409, 429}

    @property
    def passing(self) -> bool:
        """Whether the same request may be answered otherwise a moment later."""
        if self.replayed or self.advice == "false":
            return False
        if self.advice == "true":
            return True
        return self.reachable and not self.refused

    def named(self, doing: str, *, attempts: int, address: str) -> StripeCallError:
        """The error an application sees."""
        kind = StripeRefused if self.refused else StripeUnavailable
        return kind(
            self._sentence(doing, attempts, address),
            status=self.status,
            code=self.code,
            param=self.param,
            kind=self.kind,
            request_id=self.request_id,
            replayed=self.replayed,
            detail=self.message,
            retry_after=self.hint,
        )

    def _sentence(self, doing: str, attempts: int, address: str) -> str:
        tries = f" ({attempts} attempts)" if attempts > 1 else ""
        if self.status is None:
            return f"Could not {doing}: Stripe at {address} cannot be reached{tries}."
        request = f" [{self.request_id}]" if self.request_id else ""
        if self.refused:
            return f"Stripe refused to {doing}: {self.message}{request}"
        return f"Could not {doing}: Stripe answered {self.status}{tries}: {self.message}{request}"


def failure_of(error: StripeError) -> Failure:
    """The facts in an exception of the SDK, which keeps them in different places for different classes."""
    details = error.error
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return Failure(
        status=error.http_status,
        code=error.code or getattr(details, "code", None),
        param=getattr(details, "param", None),
        kind=getattr(details, "type", None),
        message=(error.user_message or "no reason given").strip(),
        request_id=error.request_id,
        advice=headers.get("stripe-should-retry"),
        replayed=headers.get("idempotent-replayed") == "true",
        hint=_seconds(headers),
        reachable=getattr(error, "should_retry", True),
    )


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None
