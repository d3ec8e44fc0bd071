"""Names of prices: keys, lookup keys and ids; a key can mean prices that were archived."""

from __future__ import annotations

import pytest

from billing_runtime import MigrationRefused
from billing_runtime.migration import Policy
from tests.billing_runtime.migration.conftest import Shop


def pair(shop: Shop, source: str, target: str | None = None) -> tuple[str, str]:
    """The ids that the two names lead to."""
    plan = shop.migrations().plan(source, target, Policy())
    return plan.source.id, plan.target.id


def test_a_key_means_its_archived_price_and_its_successor(shop: Shop) -> None:
    """Without --to, the archived price of the key goes to the active one."""
    shop.archive()
    assert pair(shop, "team.monthly") == (shop.old, shop.new)
    assert pair(shop, shop.old) == (shop.old, shop.new)
    assert pair(shop, "team.monthly", "team.monthly") == (shop.old, shop.new)


def test_a_price_that_is_still_active_can_be_left(shop: Shop) -> None:
    """By its id, its mark leads to the successor."""
    assert pair(shop, shop.old) == (shop.old, shop.new)


def test_lookup_keys_are_names(shop: Shop) -> None:
    """Of active and of archived prices."""
    shop.client.v1.prices.update(shop.old, {"lookup_key": "team_old"})
    shop.client.v1.prices.update(shop.new, {"lookup_key": "team_new"})
    assert pair(shop, "team_old", "team_new") == (shop.old, shop.new)
    shop.archive()
    assert pair(shop, "team_old", "team_new") == (shop.old, shop.new)


def test_an_ambiguous_key_lists_all_candidates(shop: Shop) -> None:
    """Each with its id, whether it is sold, its interval and its amount; the other end's problem is told as well."""
    shop.archive()
    other = shop.price(900)
    shop.client.v1.prices.update(other, {"active": False, "metadata": {"billing:stack": ""}})
    with pytest.raises(MigrationRefused) as refused:
        pair(shop, "team.monthly", "team.montly")
    first, second = refused.value.problems
    assert first == "--to team.montly is no price key, lookup key or price id: did you mean team.monthly?"
    assert second.splitlines() == [
        "--from team.monthly can be any of 3 prices, name one by its id:",
        f"    {shop.new}  active, every month, 1400 USD (minor units)",
        f"    {other}  archived, every month, 900 USD (minor units)",
        f"    {shop.old}  archived, every month, 1200 USD (minor units)",
    ]


def test_another_stacks_price_is_not_meant(shop: Shop) -> None:
    """An archived price that still has another owner's mark is no candidate, although its key is the same."""
    shop.archive()
    shop.client.v1.prices.update(shop.price(900), {"active": False, "metadata": {"billing:stack": "shop/other"}})
    assert pair(shop, "team.monthly") == (shop.old, shop.new)


def test_a_price_that_is_not_there(shop: Shop) -> None:
    """Both ends are told at once."""
    with pytest.raises(MigrationRefused) as refused:
        pair(shop, "price_none", "price_neither")
    assert refused.value.problems == (
        "--to price_neither: there is no such price in account acct_emulator.",
        "--from price_none: there is no such price in account acct_emulator.",
    )


def test_a_price_without_a_successor(shop: Shop) -> None:
    """A key that is sold no more, and a price that was never ours, need --to."""
    retired = shop.price(500, metadata={"billing:key": "team.gone", "billing:type": "flat"})
    with pytest.raises(MigrationRefused, match=r"its key 'team.gone' is sold no more: name the new price with --to"):
        pair(shop, retired)
    with pytest.raises(MigrationRefused, match=r"it has no mark of a key: name the new price with --to"):
        pair(shop, shop.price(500, metadata={}))


def test_the_active_price_has_no_other_to_go_to(shop: Shop) -> None:
    """Where nothing of the key was archived, old and new are the same."""
    with pytest.raises(MigrationRefused, match="Old and new price are the same"):
        pair(shop, shop.new)
