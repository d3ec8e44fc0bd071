"""A webhook is not taken in: Stripe is answered with `status`, and shows the sentence in its dashboard."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from billing_runtime.errors.root import BillingError


class WebhookRefused(BillingError):
    """A webhook is not taken in; `status` is the HTTP status to answer with."""

    status = 400


class WebhookUnsigned(WebhookRefused):
    """The request carries no signature that one of our secrets makes."""

    @classmethod
    def no_header(cls) -> WebhookUnsigned:
        """No Stripe-Signature at all."""
        return cls("The webhook has no Stripe-Signature header: only Stripe may call this address.")

    @classmethod
    def not_understood(cls) -> WebhookUnsigned:
        """The header has another form than t=…,v1=…."""
        return cls("The webhook's Stripe-Signature header is not understood: it must look like t=1700000000,v1=….")

    @classmethod
    def no_match(cls, secrets: int) -> WebhookUnsigned:
        """None of the secrets made it."""
        known = "the one signing secret" if secrets == 1 else f"any of the {secrets} signing secrets"
        return cls(
            f"The webhook's signature was not made with {known} known here, or its body was changed on the way: "
            "compare the endpoint's secret with webhookSecrets, and pass the body on byte by byte."
        )


class WebhookStale(WebhookRefused):
    """The signature is too old: an old request was sent again, or this machine's clock is wrong."""

    @classmethod
    def of(cls, age: int, tolerance: int) -> WebhookStale:
        """Name the age and what is tolerated, in seconds."""
        return cls(
            f"The webhook was signed {age} seconds ago and {tolerance} are tolerated: it was sent again by somebody "
            "else than Stripe, or the clock of this machine is wrong."
        )


class WebhookMalformed(WebhookRefused):
    """The body is signed and is no event."""

    @classmethod
    def of(cls, why: str) -> WebhookMalformed:
        """Say what is wrong with it."""
        return cls(f"The webhook's body is no event of Stripe's: {why}.")


class WebhookTooLarge(WebhookRefused):
    """The body is larger than any event is."""

    status = 413

    @classmethod
    def of(cls, limit: int) -> WebhookTooLarge:
        """Name the limit in bytes."""
        return cls(f"The webhook's body has more than {limit} bytes.")
