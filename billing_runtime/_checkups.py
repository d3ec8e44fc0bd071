"""What `billing doctor` looks at besides the catalog: webhooks that came in, their secrets, and the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime.errors import WebhookSecretMissing
from billing_runtime.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime._cache import CachedSubscription
    from billing_runtime._context import Context
    from billing_runtime.inbox import Inbox
    from billing_runtime.usage import Usage

Json = dict[str, Any]

# Customers whose cache is held against Stripe: enough to see that nothing is kept up to date, and few requests.
_SAMPLE = 20
_LAST = 2**62
_LATE = 600  # seconds; a worker is at it every second


def inbox_findings(inbox: Inbox) -> Iterator[Finding]:
    """Events that wait too long, or were given up."""
    lag = inbox.lag()
    if lag.dead:
        said = f"{lag.dead} webhooks were given up: billing.inbox.dead() says why, replay_dead() tries again."
        yield Finding("inbox", "fault", said)
    if lag.seconds > _LATE:
        said = f"{lag.waiting} webhooks wait, one for {lag.seconds} seconds: is `billing worker` running?"
        yield Finding("inbox", "fault", said)
    if not lag.dead and lag.seconds <= _LATE:
        yield Finding("inbox", "ok", f"{lag.waiting} webhooks wait, none was given up.")


def usage_findings(usage: Usage) -> Iterator[Finding]:
    """Usage that is told too late, was given up, or is billed otherwise than it was."""
    lag = usage.lag()
    if lag.dead:
        said = (
            f"{lag.dead} rows of usage were given up: `billing usage dead` says why, `billing usage retry` tries again."
        )
        yield Finding("usage", "fault", said)
    if lag.seconds > _LATE:
        said = f"{lag.waiting} rows of usage wait, one for {lag.seconds} seconds: is `billing worker` running?"
        yield Finding("usage", "fault", said)
    if lag.corrections:
        said = f"{lag.corrections} invoices bill other usage than there was: `billing usage corrections` lists them."
        yield Finding("usage", "fault", said)
    if lag.without_customer:
        said = f"{lag.without_customer} rows of usage wait for entities that have no Stripe customer."
        yield Finding("usage", "warning", said)
    if not lag.dead and lag.seconds <= _LATE and not lag.corrections:
        yield Finding("usage", "ok", f"{lag.waiting} rows of usage wait, none was given up.")


def secret_findings(context: Context, inbox: Inbox) -> Iterator[Finding]:
    """Whether there is a signing secret for every endpoint; where they have no names, whether there are as many."""
    declared = context.manifest.webhook_endpoints
    if not declared:
        return
    try:
        names = inbox.intake.secret_names()
    except WebhookSecretMissing as error:
        # A warning: a person at a command line need not have what the application has.
        yield Finding("webhook secret", "warning", str(error))
        return
    named = any(name in declared for name in names)
    missing = [key for key in declared if key not in names] if named else list(declared)[len(names) :]
    for key in missing:
        said = f"{key} has none: its webhooks are refused; give it with BILLING_WEBHOOK_SECRETS."
        yield Finding("webhook secret", "fault", said)
    if not missing:
        yield Finding("webhook secret", "ok", f"There are {len(names)} for {len(declared)} endpoints.")


def drift_findings(context: Context) -> Iterator[Finding]:
    """Whether what is cached of some customers is what Stripe has."""
    customers = context.cache.rows.not_seen_since(_LAST, "", _SAMPLE)
    drifted = [customer for customer in customers if _drifted(context, customer)]
    for customer in drifted:
        said = f"The cache of {customer} is not what Stripe has: `billing sync --all` mends it."
        yield Finding("drift", "fault", said)
    if not drifted:
        yield Finding("drift", "ok", f"What is cached of {len(customers)} customers is what Stripe has.")


def _drifted(context: Context, customer: str) -> bool:
    entity = context.cache.rows.owner(customer)
    if entity is None:
        return False
    kept = [one.body for one in context.cache.of(entity) if _is_of(one, customer)]
    there = context.cache.fetching.of_customer(customer)
    return _told(kept) != _told(there)


def _is_of(one: CachedSubscription, customer: str) -> bool:
    return one.customer_id == customer


def _told(bodies: list[Json]) -> dict[str, Any]:
    """What matters of subscriptions: status, end, and how many of which price."""
    return {
        body["id"]: (
            body["status"],
            body["cancel_at_period_end"],
            body["cancel_at"],
            sorted((item["price"]["id"], item["quantity"] or 0) for item in body["items"]),
        )
        for body in bodies
    }
