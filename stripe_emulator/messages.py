"""A request and a response, free of any HTTP library."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stripe_emulator import form
from stripe_emulator.errors import requests as errors

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True)
class Request:
    """What a client sent; header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def idempotency_key(self) -> str | None:
        """Return the key, if the method has any use for one."""
        methods = ("POST", "DELETE") if self.is_v2 else ("POST",)
        return (self.headers.get("idempotency-key") or None) if self.method in methods else None

    @cached_property
    def is_v2(self) -> bool:
        """Say whether the request is for the namespace that speaks JSON."""
        return self.path.startswith("/v2/")

    def parameters(self) -> dict[str, Any]:
        """Return the query and the body together: strings of a form, or JSON."""
        if self.is_v2:
            return {**form.decode(self.query), **self._json()}
        if self.body and not self.headers.get("content-type", _FORM).startswith(_FORM):
            raise errors.not_a_form()
        return {**form.decode(self.query), **form.decode(self.body.decode(errors="replace"))}

    def _json(self) -> dict[str, Any]:
        if not self.body:
            return {}
        if not self.headers.get("content-type", "").startswith(_JSON):
            raise errors.not_json()
        try:
            decoded = json.loads(self.body)
        except (ValueError, RecursionError):
            raise errors.not_json() from None
        if not isinstance(decoded, dict):
            raise errors.not_json()
        return decoded


@dataclass(frozen=True)
class Response:
    """What the emulator answers."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def with_headers(self, headers: dict[str, str]) -> Response:
        """Return the same response with these headers added."""
        return Response(self.status, self.body, {**headers, **self.headers})

    @classmethod
    def of(cls, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
        """Write the body as JSON; not indented as Stripe's is, which would take more time than all the rest."""
        return cls(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})
