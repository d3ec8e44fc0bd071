"""The two generations of Stripe's API, where they differ. https://docs.stripe.com/api-v2-overview"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Dialect:
    """How one generation is asked, and how it answers."""

    name: str
    """The attribute of the SDK's client."""
    ask_for: str
    """The parameter that asks for what an answer leaves out."""
    unset: str | None
    """What unsets a metadata key."""
    keeps_failures: bool
    """Whether a failure is answered again under the same idempotency key, instead of being tried again."""

    def asking(self, params: Mapping[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
        """The parameters, asking for what Stripe would leave out of the answer."""
        return {**params, self.ask_for: list(paths)} if paths else dict(params)

    def asking_in_lists(self, params: Mapping[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
        """The same for a list, whose objects stand inside ``data`` in the older one."""
        inside = tuple(f"data.{path}" for path in paths) if self is V1 else paths
        return self.asking(params, inside)

    def after(self, page: Any, last: str) -> dict[str, Any] | None:
        """What asks for the page after this one; None when it was the last."""
        if self is V1:
            return {"starting_after": last} if page.has_more else None
        token = parse_qs(urlsplit(page.next_page_url or "").query).get("page")
        return {"page": token[0]} if token else None


V1 = Dialect("v1", "expand", "", keeps_failures=True)
V2 = Dialect("v2", "include", None, keeps_failures=False)


def seconds(created: Any) -> float | None:
    """When an object was made, as Unix time: the newer generation writes RFC 3339."""
    if isinstance(created, str):
        return datetime.fromisoformat(created).timestamp()
    return created if isinstance(created, (int, float)) else None
