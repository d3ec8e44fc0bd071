"""Whether who is affected is counted, and with which settings; no preview ever asks that."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from billing_cli.errors import OperationFailed, UsageRefused

if TYPE_CHECKING:
    from billing_cli.review.source import Found
    from billing_review.report import Affected, Counting

Counted = tuple["Counting", Mapping[tuple[str, str], "Affected"]]
_NOT_ASKED = "Nobody looked who is affected: --no-count said so."
_NO_IDS = "Nobody looked who is affected: revisions of a catalog have no ids at Stripe; the review of a plan counts."


def who_is_affected(found: Found, *, asked: bool | None, calls: int | None, fresh: bool) -> Counted:
    """The counting and its numbers, by kind and name; without being asked, only if there is a key to count with.

    What stands in the way is a sentence of the report, or a refusal where counting was asked for.
    """
    from billing_review.report import Counting

    if found.change.source.kind == "catalog":
        return Counting(sentence=_NO_IDS), {}
    if asked is False:
        return Counting(sentence=_NOT_ASKED), {}
    if asked and not os.environ.get("STRIPE_API_KEY"):
        raise UsageRefused("--count needs STRIPE_API_KEY in the environment: a restricted key that may read is enough")
    from billing_cli.counting import counted

    counting, affected = counted(found.change, found.settings, calls=calls, fresh=fresh)
    if asked and counting.status == "refused":
        raise OperationFailed(counting.sentence)
    return counting, affected
