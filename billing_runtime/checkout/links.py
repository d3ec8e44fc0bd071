"""Where customers are led after a page of Stripe's, and by way of what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from billing_runtime import _inputs
from billing_runtime.checkout.signing import Return, derived_secret, signed, verified
from billing_runtime.clock import to_unix
from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from billing_runtime._context import Context

TOKEN, SESSION = "billing_return", "session_id"

#: Stripe puts the session's id in its place (https://docs.stripe.com/payments/checkout/custom-success-page).
_SESSION_ID = "{CHECKOUT_SESSION_ID}"

# A page is open for 24 hours at most; who pays in its last minute has an hour to come back.
_LIFE = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Links:
    """Signed return links of one opened Billing."""

    context: Context

    def chosen(self, name: str, given: str | None) -> str | None:
        """The address of a call, else the one in the settings."""
        value = getattr(self.context.checkout, name) if given is None else given
        return None if value is None else _inputs.url(name, value)

    def required(self, name: str, given: str | None) -> str:
        """The same, where Stripe demands one."""
        value = self.chosen(name, given)
        if value is None:
            message = f"No {name}: pass it, or set it once with Billing.open(checkout=CheckoutSettings({name}=…))."
            raise InvalidInput(message)
        return value

    def back(self, entity_id: str, target: str, *, session: bool) -> str:
        """The address Stripe is given: a signed link if the application has mounted the handler, else the target."""
        base = self.context.checkout.return_url
        if base is None:
            return target
        until = to_unix("clock()", self.context.clock() + _LIFE)
        token = signed(Return(entity_id, target, until, self._scope), self._secrets[0])
        query = urlencode({TOKEN: token}) + (f"&{SESSION}={_SESSION_ID}" if session else "")
        return f"{base}{'&' if '?' in base else '?'}{query}"

    def read(self, token: str) -> Return:
        """What a link that came back says; raises ReturnInvalid."""
        now = to_unix("clock()", self.context.clock())
        return verified(token, self._secrets, now=now, scope=self._scope)

    @property
    def _secrets(self) -> tuple[str, ...]:
        return self.context.checkout.return_secrets or (derived_secret(self.context.api.key),)

    @property
    def _scope(self) -> str:
        scope = self.context.scope
        return f"{scope.account}/{'live' if scope.livemode else 'test'}"


def with_session(target: str, session_id: str | None) -> str:
    """The target, with the session's id where the application wants it."""
    return target.replace(_SESSION_ID, session_id or "")
