"""Rules over the fields of kinds that have only one; each is named for what it states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from billing_resources._engine.facts import is_known

Problems = list[tuple[str, str]]
_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|.*\.local(host)?")


def endpoint_is_public(args: dict[str, Any]) -> Problems:
    """Stripe delivers to public addresses only, and refuses an address without a scheme."""
    url = args.get("url")
    if not is_known(url):
        return []
    parts = urlsplit(str(url))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [("url", "takes a whole address, such as https://app.example.com/stripe")]
    if _LOCAL.fullmatch(parts.hostname):
        return [("url", "must be a public address: Stripe cannot deliver to this machine")]
    return []


def endpoint_as_declared(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """A webhook endpoint as a declaration writes it: its status is the field ``disabled``."""
    return {**endpoint, "disabled": endpoint.get("status") == "disabled"}
