"""`billing catalog show`: the price list from the catalog alone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.billing_cli.conftest import Billing
from tests.billing_cli.test_check import CATALOG, DEV, spoil, write


def test_the_example_without_a_key_or_a_network(billing: Billing) -> None:
    """The repository's own catalog, as it is written."""
    done = billing("catalog", "show", STRIPE_API_KEY=None, STRIPE_API_BASE="http://127.0.0.1:1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  120.00 USD per seat and year · saves 16.7 %: 10.00 USD a month · 14 days free\n" in done.stdout
    assert "\x1b" not in done.stdout


def test_as_a_stack_changes_it(billing: Billing, shop: Path) -> None:
    """With --stack its overrides count, and --json is a form."""
    write(shop, DEV, "config:\n  billing:overrides: {plans: {team: {prices: {monthly: {unit_amount: 1}}}}}\n")
    plans = json.loads(billing("catalog", "show", "--stack", "dev", "--json").stdout)["plans"]
    team = next(plan for plan in plans if plan["key"] == "team")
    assert team["prices"][0]["amount"] == "0.01 USD per seat and month"
    assert "no stack named 'nowhere'" in billing("catalog", "show", "--stack", "nowhere").stderr


def test_a_catalog_with_problems_is_not_shown(billing: Billing, shop: Path) -> None:
    """Its problems are, with the way to their fixes."""
    spoil(shop, ("rank: 2", "rank: two"))
    done = billing("catalog", "show", CATALOG)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: {CATALOG}:42:5: plans.team.rank: takes a whole number\nrun `billing check` for the fixes\n"
    )
