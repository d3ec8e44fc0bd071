"""Why counting stops, as sentences without a secret. https://docs.stripe.com/error-low-level"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import stripe


class Stopped(Exception):  # noqa: N818 - an end of reading, not always an error
    """Something cannot be read, or not to its end."""

    def __init__(
        self, sentence: str, *, for_all: bool = False, permission: str | None = None, gone: bool = False
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What happened and what to do, to follow a colon."""
        self.for_all = for_all
        """Whether nothing else can be read either."""
        self.permission = permission
        """Subscriptions: read, where the key lacks it."""
        self.gone = gone
        """Whether what was asked about is not there, so that nobody can be on it."""

    @classmethod
    def at_bound(cls, calls: int) -> Stopped:
        """As many requests were made as may be."""
        return cls(f"it stopped at its bound of {calls:,} call{'' if calls == 1 else 's'}", for_all=True)

    @classmethod
    def forbidden(cls, noun: str, told: str) -> Stopped:
        """A restricted key without the permission, by its object and verb and by Stripe's own name."""
        named = re.search(r"'(rak_[a-z_]+)'", told)
        also = f" ({named[1]})" if named else ""
        permission = f"{noun}: read"
        what = "the account" if noun == "Account" else noun.lower()
        return cls(
            f'the key may not read {what}; give the restricted key the permission "{permission}"{also} in the '
            "Dashboard",
            permission=permission,
        )

    @classmethod
    def of(cls, error: stripe.StripeError, noun: str) -> Stopped:
        """What Stripe's last answer means for what was being read."""
        import stripe

        if isinstance(error, stripe.PermissionError):
            return cls.forbidden(noun, error.user_message or "")
        if isinstance(error, stripe.AuthenticationError):
            return cls("Stripe does not accept the API key; check STRIPE_API_KEY", for_all=True)
        if isinstance(error, stripe.APIConnectionError):
            return cls("Stripe cannot be reached; check the network and STRIPE_API_BASE, and run again", for_all=True)
        if isinstance(error, stripe.RateLimitError):
            return cls("Stripe's rate limit stayed exceeded over all retries; run again later", for_all=True)
        if (error.http_status or 0) >= 500:
            return cls(f"Stripe answered {error.http_status} over all retries; run again later", for_all=True)
        said = re.sub(r"\b[sr]k_\w+", "the key", (error.user_message or "it gives no reason").rstrip("."))
        gone = error.code == "resource_missing" and not is_of_other_mode(error)
        return cls(f"Stripe refuses to list {noun.lower()}: {said}", gone=gone)


def is_passing(error: Exception) -> bool:
    """Whether the same request may be answered a moment later."""
    import stripe

    if isinstance(error, stripe.APIConnectionError):
        return True
    if not isinstance(error, stripe.StripeError):
        return False
    told = (error.headers or {}).get("Stripe-Should-Retry")
    if told in {"true", "false"}:
        return told == "true"
    return error.http_status in {409, 429} or (error.http_status or 0) >= 500


def is_of_other_mode(error: BaseException | None) -> bool:
    """Whether Stripe hints that what was named is there in the other mode."""
    return "a similar object exists in" in str(getattr(error, "user_message", None) or "")
