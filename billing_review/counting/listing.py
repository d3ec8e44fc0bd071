"""Lists of Stripe's in slices of time that are read side by side. https://docs.stripe.com/api/pagination

A cursor follows the page before it, so one list is one page after the other. `created` cuts it into lists of their
own: each slice has the objects from `since` on and before `until`, so that none is in two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PAGE = 100
_WORTH_IT = 2.0  # pages that a slice should have: cutting costs a page that is not full


@dataclass(frozen=True, slots=True)
class Listing:
    """One list, whatever slices it is read in."""

    noun: str
    """As Stripe's permissions call it: Subscriptions."""
    path: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    name: str = ""
    """The id of the price whose subscriptions it has; nothing where it has all."""
    beginning: int = 1_314_835_200
    """When its first object may have been made (2011-09-01, Stripe's own beginning): only where to cut follows."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is still to be read between two moments, in seconds since 1970."""

    listing: Listing
    since: int | None = None
    until: int | None = None
    after: str | None = None
    pages: float = 1.0
    """How many pages it probably has."""

    def params(self) -> dict[str, Any]:
        """The query of its next page."""
        bounds = {"gte": self.since, "lt": self.until}
        created = {name: moment for name, moment in bounds.items() if moment is not None}
        cursor = {} if self.after is None else {"starting_after": self.after}
        return {**self.listing.params, "limit": PAGE, **cursor, **({"created": created} if created else {})}


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first."""

    objects: tuple[Mapping[str, Any], ...]
    has_more: bool


def rest_of(read: Slice, page: Page, idle: int, seen: int) -> list[Slice]:
    """What follows a page, in up to as many more slices as readers are idle, the newest first.

    Nobody knows how long a list is. It is taken to be as dense as its last page, but no longer than twice the pages
    that were seen of it: a short list is not cut into slices in which there is nothing.
    """
    if not page.has_more or not page.objects:
        return []
    newest, oldest = int(page.objects[0]["created"]), int(page.objects[-1]["created"])
    bottom = read.listing.beginning if read.since is None else read.since
    left = max(oldest - bottom, 0)
    pages = max(min(left / max(newest - oldest, 1), 2.0 * seen + 1), 1.0)
    pieces = min(1 + max(idle, 0), int(pages / _WORTH_IT), left) or 1
    # The page may have ended within a second: the slice that goes on behind its cursor keeps that second.
    edges = [oldest - left * piece // pieces for piece in range(1, pieces)]
    upper, lower = [None, *edges], [*edges, read.since]
    slices = [
        replace(read, since=since, until=until, after=None, pages=pages / pieces)
        for until, since in zip(upper, lower, strict=True)
    ]
    slices[0] = replace(slices[0], until=read.until, after=str(page.objects[-1]["id"]))
    return slices
