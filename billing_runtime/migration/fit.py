"""Whether two prices fit: every reason against it at once, before any subscription is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from billing_runtime.errors import MigrationRefused
from billing_runtime.migration.facts import PriceFacts
from billing_runtime.migration.policy import Policy


def require_fit(source: PriceFacts, target: PriceFacts, policy: Policy, *, may_activate: bool = False) -> None:
    """Refuse what could never work, or would not mean what the words say."""
    problems = list(_problems(source, target, policy, may_activate=may_activate))
    if problems:
        raise MigrationRefused(problems)


def _problems(source: PriceFacts, target: PriceFacts, policy: Policy, *, may_activate: bool) -> Iterator[str]:
    if source.id == target.id:
        yield f"Old and new price are the same, {source.named}: name another one with --to."
        return
    yield from (
        f"{price.named} is a one-time price, which nobody is subscribed to."
        for price in (source, target)
        if price.interval is None
    )
    if not target.active and not may_activate:
        yield f"The new price {target.named} is archived: Stripe puts nobody on an archived price."
    if not target.product_active:
        yield f"The product of the new price {target.named} is archived: it is not sold any more."
    if not set(source.amounts) & set(target.amounts):
        yield (
            f"The new price {target.named} has {_listed(target)}, the old one {_listed(source)}: "
            "a subscription keeps its currency for good."
        )
    if source.interval and target.interval:
        yield from _unlike(source, target, policy)


def _unlike(source: PriceFacts, target: PriceFacts, policy: Policy) -> Iterator[str]:
    if source.usage != target.usage:
        yield (
            f"{source.named} is {source.usage}, {target.named} is {target.usage}: a quantity cannot become usage, "
            "nor the reverse."
        )
    elif source.meter != target.meter:
        yield (
            f"{source.named} and {target.named} have different meters ({source.meter}, {target.meter}): "
            "the usage of the running period would be split."
        )
    if source.every != target.every and not policy.allow_interval_change:
        yield (
            f"{source.named} is billed every {source.every}, {target.named} every {target.every}: that starts a new "
            "period and bills it at once. If that is meant, pass --allow-interval-change."
        )


def _listed(price: PriceFacts) -> str:
    return " and ".join(currency.upper() for currency in price.amounts)
