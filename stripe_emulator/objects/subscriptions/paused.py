"""A subscription that is paused: why, since when, and what collecting means while only its collection is.

https://docs.stripe.com/billing/subscriptions/pause and https://docs.stripe.com/billing/subscriptions/pause-payment
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors

Document = dict[str, Any]

COLLECT = "subscription.resume_collection"


def as_paused(subscription: Document, moment: int, reason: str) -> Document:
    """Return a subscription that makes no invoices and stays in its period until it is resumed."""
    details = {"paused": {"subscription": {"type": reason}, "transitioned_at": moment, "type": "subscription"}}
    return {**subscription, "status": "paused", "status_details": details}


def set_collection_pause(call: Call, subscription: Document) -> None:
    """Pause the collection of a subscription's invoices as a request says, or take it up again."""
    if "pause_collection" not in call.params:
        return
    given = call.params["pause_collection"] or None
    resumes = given.get("resumes_at") if given else None
    if resumes is not None and resumes <= call.now:
        raise errors.time_in_past("pause_collection[resumes_at]", resumes)
    subscription["pause_collection"] = given and {"resumes_at": None, **given}
    call.due(COLLECT, subscription["id"], resumes, subscription["test_clock"])
