"""Two catalogs that were compared become a change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_review.errors import UnreadableCatalogs
from billing_review.reading import read_catalogs
from billing_review.steps import Change, Plan, Source, Step

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "project": "billing",
    "stack": None,
    "base": "main (4f2a91c)",
    "head": "the working tree",
    "steps": [
        {
            "kind": "Price",
            "key": "team.seat",
            "operation": "replace",
            "old": {"unit_amount": 1200, "nickname": None},
            "new": {"unit_amount": 1400.0, "adopt": True},
            "plan": "team",
            "changed": ["unit_amount"],
            "replacing": ["unit_amount"],
            "place": "stacks/catalog.yaml:52",
        },
        {"kind": "Coupon", "key": "sale", "operation": "create", "new": {"percent_off": 12.5, "name": "sk_test_1"}},
    ],
    "plans": [{"key": "team", "old": None, "new": {"name": "Team", "badge": None}}],
}


def test_a_comparison() -> None:
    """Everything in it is carried over; numbers are exact, and no key of Stripe passes."""
    assert read_catalogs(DOCUMENT) == Change(
        Source("catalog", project="billing", base="main (4f2a91c)", head="the working tree"),
        (
            Step(
                "Price",
                "team.seat",
                "replace",
                {"unit_amount": 1200},
                {"unit_amount": 1400},
                plan="team",
                changed=("unit_amount",),
                replacing=("unit_amount",),
                place="stacks/catalog.yaml:52",
            ),
            Step("Coupon", "sale", "create", None, {"percent_off": Decimal("12.5"), "name": "[secret]"}),
        ),
        (Plan("team", None, {"name": "Team"}),),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "is of version 2, and this version reads 1"),
        ({"version": None}, "is of version None, and this version reads 1"),
        ({"steps": {}}, "is not complete: it has no list of steps"),
        ({"plans": None}, "is not complete: it has no list of plans"),
        ({"steps": [1]}, "is not complete: step 1 lacks its kind, key or operation"),
        (
            {"steps": [{"kind": "Price", "key": "a", "operation": "read"}]},
            "is not complete: step 1 has no operation that is known: 'read'",
        ),
        ({"plans": [{}]}, "is not complete: plan 1 lacks its key"),
    ],
)
def test_another_form_is_refused(change: dict[str, Any], said: str) -> None:
    """It says what is missing."""
    with pytest.raises(UnreadableCatalogs, match=r"^the comparison of two catalogs ") as caught:
        read_catalogs({**DOCUMENT, **change})
    assert str(caught.value).endswith(said)
