"""The order of a report: the most consequential first.

Entries are ordered by, each where what stands before it is equal:

1. the worst finding about them that is not suppressed (high, medium, low, info, none);
2. how many subscriptions are on them, most first;
3. what they are: what money depends on (prices, then plans and products, coupons, codes, tax rates, meters), then what
   customers may do (portal, features), then what only the team hears of (alerts, endpoints, destinations), then what
   this version does not know;
4. what happens to them: gone, replaced, changed, new, taken over, changed at Stripe only;
5. the order in which the source names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from billing_review.report import SEVERITIES, Entry, Finding
from billing_review.steps import Operation
from billing_review.telling.subscribers import subscriptions

_KINDS = (
    "Price",
    "Plan",
    "Product",
    "Coupon",
    "PromotionCode",
    "TaxRate",
    "Meter",
    "PortalConfiguration",
    "ProductFeature",
    "Feature",
    "Alert",
    "WebhookEndpoint",
    "EventDestination",
)
_OPERATIONS: tuple[Operation, ...] = ("delete", "replace", "update", "create", "import", "same")


def most_consequential_first(entries: Sequence[Entry], findings: Sequence[Finding]) -> tuple[Entry, ...]:
    """The entries in the order that the module states."""
    worst = _worst(findings)

    def weight(entry: Entry) -> tuple[int, int, int, int]:
        return (
            worst.get((entry.kind, entry.key), len(SEVERITIES)),
            -subscriptions(entry.affected) if entry.affected else 0,
            _KINDS.index(entry.kind) if entry.kind in _KINDS else len(_KINDS),
            _OPERATIONS.index(entry.operation),
        )

    return tuple(sorted(entries, key=weight))


def worst_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings by severity, suppressed ones last."""
    return tuple(sorted(findings, key=lambda one: (one.suppressed is not None, SEVERITIES.index(one.severity))))


def _worst(findings: Sequence[Finding]) -> dict[tuple[str, str], int]:
    worst: dict[tuple[str, str], int] = {}
    for finding in findings:
        if finding.suppressed is None:
            about = (finding.kind, finding.key)
            worst[about] = min(worst.get(about, len(SEVERITIES)), SEVERITIES.index(finding.severity))
    return worst
