"""`entitlements.active_entitlement_summary.updated`: https://docs.stripe.com/api/events/types#event_types-entitlements.active_entitlement_summary.updated"""

from billing_runtime._inbox.facts.entitlements import ENTITLEMENTS
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "entitlements.active_entitlement_summary.updated",
        why="what features Stripe says the customer is entitled to changed",
        fact=ENTITLEMENTS,
    ),
)
