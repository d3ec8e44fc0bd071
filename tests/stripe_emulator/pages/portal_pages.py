"""What the tests of the portal's pages have in common."""

from __future__ import annotations

from typing import Any

import stripe

from tests.stripe_emulator.pages.visitor import Visitor
from tests.stripe_emulator.portal.portals import open_portal


def portal_page(client: stripe.StripeClient, subscription: stripe.Subscription, **params: Any) -> Visitor:
    """Open the portal of a subscription's customer."""
    return Visitor(open_portal(client, str(subscription.customer), **params).url)
