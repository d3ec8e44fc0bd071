"""The JSON of a comparison: golden, and as its published schema says."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from billing_review.parity.allowances import Allowance
from billing_review.parity.document import document, schema
from tests.billing_review.parity.shops import GONE, compared

HEADLINE = (
    "Team, monthly seat: 14.00 → 12.00 USD a seat and month (-14.3 %), new price, lookup key team_monthly moves to it."
)


def test_the_form_that_programs_rely_on() -> None:
    """Every key of it, written by hand."""
    allowed = (Allowance("staging", "alerts", "No alerts while we test"),)
    change = {"prices__team.monthly__unit_amount_decimal": "1400", "alerts__many": GONE}
    found = document(compared(change, allowed=allowed))
    [pair] = found.pop("pairs")
    assert found == {"version": 1, "equal": False, "notes": []}
    assert pair["differences"][0] == {
        "kind": "Price",
        "key": "team.monthly",
        "path": "prices.team.monthly.unit_amount",
        "title": "Team monthly",
        "label": "",
        "first": "12.00 USD",
        "second": "14.00 USD",
        "sentence": "Team monthly: 12.00 USD in staging, 14.00 USD in production",
        "allowed": None,
    }
    assert pair["differences"][1]["allowed"] == {
        "stack": "staging",
        "path": "alerts",
        "reason": "No alerts while we test",
        "until": None,
    }
    assert pair["promotion"] == [
        {
            "operation": "replace",
            "kind": "Price",
            "key": "team.monthly",
            "id": "price_1",
            "headline": HEADLINE,
            "changed": ["unit_amount"],
            "replacing": ["unit_amount"],
        }
    ]
    assert (pair["compared"], pair["equal"], pair["first"]) == (
        "manifest",
        False,
        {
            "stack": "staging",
            "origin": "manifest",
            "project": "shop",
            "account": "acct_staging",
            "livemode": False,
            "objects": 8,
        },
    )


def test_it_follows_its_schema() -> None:
    """The schema is one, and holds for differences of every sort."""
    Draft202012Validator.check_schema(schema())
    changes = {
        "prices__team.monthly": GONE,
        "plans__team__badge": "New",
        "webhook_endpoints__app__url": "https://a.example",
    }
    found = document(compared(changes, allowed=(Allowance("staging", "prices.team.monthly", "x"),)))
    assert list(Draft202012Validator(schema()).iter_errors(found)) == []
    assert len(found["pairs"][0]["differences"]) == 3
