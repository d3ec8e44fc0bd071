"""Stripe's errors, as data: one named constructor per case, grouped by what the request was about.

The sentences are Stripe's where they are known; `docs/emulator.md` says which ones are only believed.
https://docs.stripe.com/api/errors
"""

from __future__ import annotations

from typing import Any

_CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict", 429: "rate_limit", 500: "api_error"}


class StripeError(Exception):
    """An answer that is not a success."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
        keeps: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.param = param
        self.kind = kind
        self.headers = headers or {}
        self.more = more or {}  # what else the body says: a decline code, the payment intent
        self.keeps = keeps  # what was changed before stays: somebody tried to pay, and that has happened

    def body(self, *, v2: bool = False) -> dict[str, Any]:
        """Return the error as Stripe writes it: what is null is left out."""
        if v2:
            return self._body_of_v2()
        link = self.code and f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        facts = {
            "code": self.code,
            "doc_url": link,
            "message": self.message,
            "param": self.param,
            "type": self.kind,
            **self.more,
        }
        return {"error": {name: value for name, value in facts.items() if value is not None}}

    def _body_of_v2(self) -> dict[str, Any]:
        """Return what the v2 namespace says: always a code, never a parameter, a type only where it matters."""
        code = self.code or _CODES.get(self.status, "bad_request")
        type_ = {} if self.kind == "invalid_request_error" else {"type": self.kind}
        return {"error": {"code": code, "message": self.message, **type_}}
