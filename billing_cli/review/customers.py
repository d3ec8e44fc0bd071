"""Who is affected, counted at Stripe with the key of the environment; no preview ever asks that."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    import stripe

    from billing_cli.review.source import Found
    from billing_review.counting import Bound, Cache
    from billing_review.report import Affected, Counting

Counted = tuple["Counting", Mapping[tuple[str, str], "Affected"]]
_NOT_ASKED = "Nobody looked who is affected: --no-count said so."
_NO_IDS = "Nobody looked who is affected: revisions of a catalog have no ids at Stripe; the review of a plan counts."


def counted(found: Found, *, asked: bool | None, calls: int | None) -> Counted:
    """The counting and its numbers, by kind and name; without being asked, only if there is a key to count with."""
    from billing_review.report import Counting

    if found.change.source.kind == "catalog":
        return Counting(sentence=_NO_IDS), {}
    if asked is False:
        return Counting(sentence=_NOT_ASKED), {}
    if not os.environ.get("STRIPE_API_KEY"):
        if asked:
            raise UsageRefused(
                "--count needs STRIPE_API_KEY in the environment: a restricted key that may read is enough"
            )
        return Counting(), {}
    try:
        return _count(found, _client(found), calls)
    except UsageRefused as error:
        if asked:
            raise
        return Counting("refused", f"Nobody could look who is affected: {error}."), {}


def _client(found: Found) -> stripe.StripeClient:
    """The account of the environment's key; refuses a key that is not of the stack's mode before any request."""
    import stripe

    from billing_cli.preflight import stripe_settings
    from billing_resources.errors import SettingsError

    place = found.workplace
    try:
        settings = stripe_settings(place.settings if place is not None else {})
        key = settings.require_key()
    except SettingsError as error:
        raise UsageRefused(str(error)) from None
    base: Any = {"api": settings.api_base}
    return stripe.StripeClient(key, stripe_version=settings.api_version, base_addresses=base, max_network_retries=0)


def _count(found: Found, client: stripe.StripeClient, calls: int | None) -> Counted:
    from billing_review.counting import Bound, count

    bound: Bound = Bound() if calls is None else Bound(calls=calls)
    with _progress() as show:
        return count(found.change, client, bound=bound, progress=show, cache=_cache())


def _cache() -> Cache | None:
    """Counts of the last minutes, in the user's cache; none where there is no home."""
    from billing_review.counting import Cache

    try:
        folder = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Cache(Path(folder) / "billing" / "counts")


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on standard error, where somebody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Counting customers", total=None)
        yield lambda done, expected: bar.update(task, completed=done, total=max(done, expected))
