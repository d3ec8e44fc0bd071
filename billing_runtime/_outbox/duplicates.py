"""A refusal that means: Stripe has it. https://docs.stripe.com/api/billing/meter-event"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_runtime.errors import StripeRefused


def is_duplicate(refusal: StripeRefused, identifier: str) -> bool:
    """Whether Stripe refused an event because it has one with this identifier, which means: delivered.

    The newer API says so in the code. The older one gives a 400 without code and param; its sentence ("An event
    already exists with identifier X.") has been seen live, and must name the identifier as a whole word. If Stripe
    ever words it otherwise, the caller gets the refusal: delivered usage may then look undelivered, but none is lost.
    """
    if refusal.code == "duplicate_meter_event":
        return True
    named = re.search(rf"(?<!\S)['\"`]?{re.escape(identifier)}['\"`]?\.?(?!\S)", refusal.detail)
    return refusal.status == 400 and not refusal.code and bool(named) and "already exists" in refusal.detail
