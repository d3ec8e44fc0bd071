"""Features a customer is entitled to, as Stripe says: https://docs.stripe.com/api/entitlements/active-entitlement"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from stripe.params.entitlements import ActiveEntitlementListParams

    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    customer = str(event.customer_id)
    filters: ActiveEntitlementListParams = {"customer": customer}
    found = api.pages(
        "list entitlements", filters, lambda client, page: client.v1.entitlements.active_entitlements.list(page)
    )
    return Fact({"features": sorted(one["lookup_key"] for one in found)}, customer)


ENTITLEMENTS = FactKind("entitlements", _read, lambda event: str(event.customer_id))
