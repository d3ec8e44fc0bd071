"""Where the pages that Stripe hosts are found: at the emulator itself, or at addresses that look like Stripe's own."""

from __future__ import annotations

from dataclasses import dataclass

_STRIPES = {
    "checkout": "https://checkout.stripe.com",
    "billing": "https://billing.stripe.com",
    "invoice": "https://invoice.stripe.com",
}


@dataclass(frozen=True)
class Hosted:
    """The address under which the emulator is reached; with none, links look like Stripe's and lead nowhere here."""

    base: str | None = None

    def as_asked(self, headers: dict[str, str]) -> Hosted:
        """Return the address that a request used: behind a proxy or in a container it is not the one listened at."""
        host = headers.get("host")
        if self.base is None or not host:
            return self
        scheme = "https" if headers.get("x-forwarded-proto") == "https" else "http"
        return Hosted(f"{scheme}://{host}")

    def url(self, room: str, path: str) -> str:
        """Return the address of a page of `checkout`, `billing` or `invoice`; the path is the same on both sides."""
        return f"{self.base or _STRIPES[room]}{path}"


STRIPES_OWN = Hosted()
