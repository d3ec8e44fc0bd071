"""A call to Stripe failed (https://docs.stripe.com/api/errors)."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from billing_runtime.errors.root import BillingError, without_secrets


class StripeCallError(BillingError):
    """A call to Stripe failed."""

    def __init__(  # noqa: PLR0913 - what Stripe says of a failure
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        kind: str | None = None,
        request_id: str | None = None,
        replayed: bool = False,
        detail: str = "",
        retry_after: float | None = None,
    ) -> None:
        self.status, self.code, self.param, self.kind = status, code, param, kind
        self.request_id, self.replayed, self.detail = request_id, replayed, without_secrets(detail)
        self.retry_after = retry_after
        super().__init__(message)


class StripeRefused(StripeCallError):
    """Stripe said no: repeating the same call will not help."""


class StripeUnavailable(StripeCallError):
    """No usable answer after all retries: the same call may be repeated later."""
