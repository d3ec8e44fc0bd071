"""The signing secrets of the stack's webhook endpoints: several at once while one is replaced."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from billing_runtime.errors import BillingError, WebhookSecretMissing

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENT = "BILLING_WEBHOOK_SECRETS"
Given = str | Sequence[str] | Mapping[str, str]


class WebhookSecrets:
    """Secrets by the names of their endpoints; from an argument, the environment, or else asked of the stack."""

    def __init__(self, given: Given | None, environ: Mapping[str, str], ask: Callable[[], str] | None = None) -> None:
        """`ask` answers the stack's output `webhookSecrets` as JSON; it is called when the first webhook comes."""
        self._known = read_secrets(given if given is not None else environ.get(ENVIRONMENT, ""))
        self._ask, self._guard = ask, threading.Lock()

    def all(self) -> Mapping[str, str]:
        """Every secret. Raises WebhookSecretMissing."""
        if not self._known:
            with self._guard:
                self._known = self._known or self._asked()
        if not self._known:
            raise WebhookSecretMissing.of()
        return self._known

    def _asked(self) -> dict[str, str]:
        if self._ask is None:
            return {}
        try:
            return read_secrets(self._ask())
        except WebhookSecretMissing:
            raise
        except BillingError as error:
            raise WebhookSecretMissing.of(str(error).rstrip(".")) from None


def read_secrets(given: Given) -> dict[str, str]:
    """Secrets by name, from one, several, a mapping, or any of these as text. Raises WebhookSecretMissing."""
    found = _in_text(given) if isinstance(given, str) else given
    named = dict(found) if isinstance(found, Mapping) else {str(number): one for number, one in enumerate(found, 1)}
    if any(not isinstance(one, str) or not one.startswith("whsec_") for one in named.values()):
        raise WebhookSecretMissing.not_understood()
    return named


def _in_text(text: str) -> Sequence[str] | Mapping[str, str]:
    if not text.lstrip().startswith(("{", "[")):
        return text.replace(",", " ").split()
    try:
        found = json.loads(text)
    except ValueError:
        raise WebhookSecretMissing.not_understood() from None
    return found if isinstance(found, (dict, list)) else []
