"""Who is affected by a change, counted with the key of the environment: the edge around `billing_review.counting`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.preflight import stripe_settings

if TYPE_CHECKING:
    import stripe
    from rich.console import Console

    from billing_resources._engine.settings import Settings
    from billing_review.counting import Bound, Cache
    from billing_review.report import Affected, Counting
    from billing_review.steps import Change

TIMEOUT = 60  # seconds: a page of a hundred subscriptions is slow where they are large
_OURS = 20  # in a second of the 25 that Stripe takes at one address


def counted(
    change: Change,
    settings: Mapping[str, Any],
    *,
    calls: int | None = None,
    fresh: bool = False,
    errors: Console | None = None,
) -> tuple[Counting, dict[tuple[str, str], Affected]]:
    """Count, with a bar on standard error where somebody watches; what stands in the way is in the counting's sentence.

    `settings` is the stack's configuration, `calls` the most that may be asked, `fresh` counts again what is known.
    """
    from billing_resources.errors import SettingsError
    from billing_review.counting import count
    from billing_review.report import Counting

    found = stripe_settings(settings)
    if found.api_key is None:
        return Counting(), {}
    try:
        client = client_of(found)
    except SettingsError as error:
        return Counting("refused", f"Nobody was counted: {error}."), {}
    _quiet()
    with progress_bar(errors) as show:
        cache = None if fresh else cache_of_user()
        return count(change, client, bound=bound_of(found, calls), progress=show, cache=cache)


def client_of(settings: Settings) -> stripe.StripeClient:
    """The account of the key; raises SettingsError for a key that is not of the stack's mode, before any request."""
    import stripe

    key = settings.require_key()
    stripe.enable_telemetry = False  # it would write below the home directory
    stripe.set_app_info("billing-resources", version="0.1.0")
    return stripe.StripeClient(
        key,
        stripe_version=settings.api_version,
        base_addresses={"api": settings.api_base},
        max_network_retries=0,  # counting repeats what may be repeated, and counts it
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def bound_of(settings: Settings, calls: int | None = None) -> Bound:
    """How much may be asked: `stripe:rateLimit` where that is less than counting takes; an emulator has no limit."""
    from billing_review.counting import Bound

    allowed = settings.requests_per_second
    rate = None if allowed is None else min(allowed, _OURS)
    return Bound(per_second=rate) if calls is None else Bound(calls=calls, per_second=rate)


def cache_of_user() -> Cache | None:
    """Counts of the last minutes, in the user's cache; none where there is no home."""
    from billing_review.counting import Cache

    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return Cache(folder / "billing" / "counts")


@contextmanager
def progress_bar(errors: Console | None = None) -> Iterator[Callable[[int, int], None] | None]:
    """A bar of the calls made and expected, only on a terminal, gone at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = errors or Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("Counting customers"), BarColumn(), MofNCompleteColumn(), TextColumn("calls"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, expected: bar.update(task, completed=done, total=expected)


def _quiet() -> None:
    """Retries are logged as warnings unless somebody listens; the counting's sentence says what came of them."""
    import stamina

    stamina.instrumentation.set_on_retry_hooks(())
