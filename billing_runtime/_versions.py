"""Which API versions of Stripe's events this package parses (https://docs.stripe.com/api/versioning)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from billing_runtime._stripe import API_VERSION
from billing_runtime.errors import EndpointUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime.catalog import WebhookEndpoint

_VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([a-z]+))?")


def is_readable(version: str | None) -> bool:
    """Whether events of this version are parsed.

    What an event is about is fetched again in our own version, so every older one will do; of newer ones, those that
    have our release's name, for only the first release of a name breaks anything. None is the account's own default,
    which the manifest does not know.
    """
    if version is None:
        return True
    match = _VERSION.fullmatch(version)
    ours = _VERSION.fullmatch(API_VERSION)
    return match is not None and ours is not None and (match[1] <= ours[1] or match[2] == ours[2])


def refuse_unreadable(endpoints: Iterable[WebhookEndpoint]) -> None:
    """Refuse an endpoint whose events would not be understood."""
    for endpoint in endpoints:
        if not is_readable(endpoint.api_version):
            raise EndpointUnreadable.of(endpoint.key, str(endpoint.api_version), API_VERSION)
