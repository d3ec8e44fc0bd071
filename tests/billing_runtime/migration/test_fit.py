"""Two prices that do not fit are refused with every reason at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_runtime import MigrationRefused
from billing_runtime.migration.facts import Amounts
from billing_runtime.migration.fit import require_fit
from billing_runtime.migration.policy import Policy
from tests.billing_runtime.migration.test_facts import facts


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({}, {"id": "price_1"}, "Old and new price are the same, price_1"),
        ({}, {"active": False}, "The new price price_2 is archived"),
        ({}, {"product_active": False}, "The product of the new price price_2 is archived"),
        ({}, {"usage": "metered"}, "price_1 is licensed, price_2 is metered"),
        (
            {"usage": "metered", "meter": "mtr_1"},
            {"usage": "metered", "meter": "mtr_2"},
            r"different meters \(mtr_1, mtr_2\)",
        ),
        ({}, {"interval": "year"}, "billed every month, price_2 every year: .* pass --allow-interval-change"),
        ({}, {"interval_count": 3}, "billed every month, price_2 every 3 months"),
        ({}, {"interval": None, "usage": None}, "price_2 is a one-time price"),
        ({}, {"amounts": {"eur": Amounts(Decimal(1))}}, "price_2 has EUR, the old one USD"),
    ],
)
def test_what_does_not_fit_is_refused(old: dict[str, Any], new: dict[str, Any], says: str) -> None:
    """One sentence for each reason."""
    with pytest.raises(MigrationRefused, match=says) as refused:
        require_fit(facts(**old), facts(**({"id": "price_2"} | new)), Policy())
    assert len(refused.value.problems) == 1


def test_every_problem_is_told_at_once() -> None:
    """Nobody learns of the second problem by solving the first."""
    amounts = {"eur": Amounts(Decimal(1))}
    new = facts(id="price_2", active=False, usage="metered", interval="year", amounts=amounts)
    with pytest.raises(MigrationRefused, match="4 problems, nothing was changed:") as refused:
        require_fit(facts(), new, Policy())
    assert len(refused.value.problems) == 4


def test_what_is_allowed_fits() -> None:
    """Another interval if that is meant; an archived target only for an undo that may make it active."""
    require_fit(facts(), facts(id="price_2", interval="year"), Policy(allow_interval_change=True))
    require_fit(facts(), facts(id="price_2", active=False), Policy(), may_activate=True)
    require_fit(facts(active=False), facts(id="price_2"), Policy())
