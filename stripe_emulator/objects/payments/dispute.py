"""Disputes. In test mode the evidence says how one ends. https://docs.stripe.com/api/disputes.

https://docs.stripe.com/testing#disputes
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import intents as errors
from stripe_emulator.objects.payments.dispute_record import CLOSED, DISPUTE
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [DISPUTE]
routes = Routes()

_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}


@routes("GET /v1/disputes/{dispute}")
def retrieve(call: Call) -> Document:
    """Return one dispute."""
    return call.in_path(DISPUTE, "dispute")


@routes("GET /v1/disputes")
def index(call: Call) -> Document:
    """List disputes, newest first."""
    return page(call, newest_first(call, DISPUTE.object, "charge", "payment_intent"), noun=DISPUTE.noun)


@routes("POST /v1/disputes/{dispute}")
def update(call: Call) -> Document:
    """Give evidence; the words `winning_evidence` and `losing_evidence` decide."""
    dispute = _open(call)
    if "metadata" in call.params:
        dispute["metadata"] = merge_metadata(dispute["metadata"], call.params["metadata"])
    given = call.params.get("evidence") or {}
    dispute["evidence"] |= given
    if given:
        dispute["evidence_details"]["has_evidence"] = True
    if given and call.params.get("submit", True):
        dispute["evidence_details"]["submission_count"] += 1
        words = dispute["evidence"].get("uncategorized_text", "")
        dispute["status"] = _VERDICTS.get(words, "under_review")
    return call.save(DISPUTE, dispute)


@routes("POST /v1/disputes/{dispute}/close")
def close(call: Call) -> Document:
    """Give in."""
    return call.save(DISPUTE, {**_open(call), "status": "lost"})


def _open(call: Call) -> Document:
    dispute = call.in_path(DISPUTE, "dispute")
    if dispute["status"] in CLOSED:
        raise errors.dispute_closed()
    return dispute
