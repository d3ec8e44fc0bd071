"""Addresses that Stripe can deliver events to: public, with a scheme, in live mode https."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from stripe_emulator.call import Call
from stripe_emulator.errors import webhooks as errors


def refuse_bad_url(call: Call, url: str) -> None:
    """Answer 400 for an address that nothing could be delivered to."""
    address = _address(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise errors.no_scheme()
    if not _is_public(address.hostname):
        raise errors.not_public()
    if call.scope.livemode and address.scheme != "https":
        raise errors.not_https()


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        _ = address.port  # reading it finds a port that is no number
    except ValueError:
        raise errors.malformed() from None
    return address


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))
