"""One call to Stripe: bounded retries, and every failure as one sentence without a secret.

https://docs.stripe.com/error-low-level. The SDK does not retry 429, so it retries nothing here and we retry all.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import stamina
import stripe

from billing_resources.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
ATTEMPTS = 6


def quiet() -> None:
    """Engines show every line of a provider as a message to the user, and retries are none of his business."""
    stamina.instrumentation.set_on_retry_hooks(())


def call(what: str, request: Callable[[], T], *, needs: str, kept: bool = True) -> T:
    """Carry out a request that is safe to repeat: a read, or a write with its idempotency key.

    ``needs`` is the permission that a restricted key has to have, such as ``write prices``. ``kept`` says whether
    Stripe answers a failure again under the same key, so that repeating it asks nothing new.
    """
    waits = _wait if kept else _wait_anyway
    try:
        for attempt in stamina.retry_context(on=waits, attempts=ATTEMPTS, timeout=90, wait_initial=0.25, wait_max=8):
            with attempt:
                return request()
    except stripe.StripeError as error:
        raise refusal(what, error, needs=needs, kept=kept) from None
    raise AssertionError  # the last attempt raises


def _wait(error: Exception) -> bool | float:
    return not (isinstance(error, stripe.StripeError) and _is_kept(error)) and _wait_anyway(error)


def _wait_anyway(error: Exception) -> bool | float:
    if not _is_passing(error):
        return False
    hint = (getattr(error, "headers", None) or {}).get("Retry-After", "")
    if not hint.replace(".", "", 1).isdigit():
        return True
    return min(float(hint), 30.0) * random.uniform(1, 1.25)  # noqa: S311 - threads told the same must not come at once


def _is_passing(error: Exception) -> bool:
    if isinstance(error, stripe.APIConnectionError):
        return True
    if not isinstance(error, stripe.StripeError):
        return False
    told = (error.headers or {}).get("Stripe-Should-Retry")
    if told in {"true", "false"}:
        return told == "true"
    status = error.http_status or 0
    return status in {409, 429} or status >= 500


def is_replayed(headers: Mapping[str, str] | None) -> bool:
    """Whether an answer was kept under the idempotency key from an earlier request."""
    return {name.lower(): value for name, value in (headers or {}).items()}.get("idempotent-replayed") == "true"


def _is_kept(error: stripe.StripeError) -> bool:
    """Under the same idempotency key Stripe gives the same answer for a day, a 500 too: it keeps those as well."""
    headers = {name.lower() for name in error.headers or {}}
    return is_replayed(error.headers) or (error.http_status == 500 and "idempotency-key" in headers)


def refusal(what: str, error: stripe.StripeError, *, needs: str, kept: bool = True) -> StripeRefused:
    """Stripe's error as a sentence: what was attempted, what Stripe said, what to look at next."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    said, advice = _said(error, needs)
    return StripeRefused(
        f"could not {what}: {said}",
        advice and f"; {advice}",
        status=error.http_status,
        code=_code(error),
        request_id=headers.get("original-request") or error.request_id or uuid.uuid4().hex,
        is_kept=is_replayed(error.headers) or (kept and error.http_status == 500),
        is_replayed=is_replayed(error.headers),
    )


def _code(error: stripe.StripeError) -> str | None:
    body = error.error
    return None if body is None else getattr(body, "code", None)


def _said(error: stripe.StripeError, needs: str) -> tuple[str, str]:
    """What went wrong, and what to do about it where that is the same for every resource."""
    if isinstance(error, stripe.APIConnectionError):
        return "Stripe cannot be reached", "check the network and STRIPE_API_BASE, then run again"
    if isinstance(error, stripe.AuthenticationError):
        return "Stripe does not accept the API key", "check STRIPE_API_KEY"
    if isinstance(error, stripe.PermissionError):
        return f"the API key may not {needs}", _permission(error, needs)
    if isinstance(error, stripe.RateLimitError):
        return "Stripe's rate limit stayed exceeded over all retries", "run again later or lower --parallel"
    if (error.http_status or 0) >= 500:
        return f"Stripe answered {error.http_status} over all retries{_trace(error)}", "run again later"
    param = getattr(error, "param", None)
    where = f" (parameter {param})" if param else ""
    return f"Stripe says: {(error.user_message or 'no reason given').rstrip('.')}{where}{_trace(error)}", ""


def _permission(error: stripe.StripeError, needs: str) -> str:
    """The permission by its object and verb, and by Stripe's own name for it where Stripe tells that."""
    verb, _, noun = needs.partition(" ")
    named = re.search(r"'(rak_[a-z_]+)'", error.user_message or "")
    also = f" ({named[1]})" if named else ""
    return f'give the restricted key the permission "{noun.capitalize()}: {verb}"{also} in the Dashboard'


def _trace(error: stripe.StripeError) -> str:
    return f" [request {error.request_id}]" if error.request_id else ""
