"""Back: exactly those that were moved and have not been changed since."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from billing_runtime import JournalInvalid, MigrationRefused
from billing_runtime.migration import Pacing, Policy, Report
from tests.billing_runtime.migration.conftest import Shop

ONE = Pacing(at_once=1)
BACK = Policy(reactivate=True)


def move(shop: Shop, target: str | None = None, **policy: Any) -> Report:
    """Plan and run the way forward."""
    migrations = shop.migrations()
    return migrations.run(migrations.plan(shop.old, target, Policy(**policy)), shop.journal, ONE)


def undo(shop: Shop, policy: Policy = BACK) -> Report:
    """Plan and run the way back."""
    migrations = shop.migrations()
    return migrations.run(migrations.plan_undo(shop.journal, policy), shop.folder / "undo.jsonl", ONE)


def test_everything_is_as_it_was(shop: Shop) -> None:
    """Prices, quantities, trials; and the old price is archived as before."""
    names = [shop.subscribe(3), shop.subscribe(7, trial_period_days=5)]
    before = [shop.subscription(name) for name in names]
    shop.archive()
    move(shop)
    report = undo(shop)
    after = [shop.subscription(name) for name in names]
    for one in (*before, *after):  # whether the price is sold is no part of the subscription
        for item in one["items"]["data"]:
            for shown, name in itertools.product(("price", "plan"), ("active", "metadata")):
                item[shown].pop(name)
    assert after == before
    assert shop.client.v1.prices.retrieve(shop.old).active is False
    document = report.as_json()
    assert (document["migration"]["kind"], document["result"]["moved"]) == ("undo", 2)
    assert document["migration"]["undoes"] == json.loads(shop.journal.read_text().splitlines()[0])["id"]


def test_an_archived_price_takes_nobody_back_unless_told(shop: Shop) -> None:
    """The refusal says how, and nothing is changed."""
    shop.subscribe()
    shop.archive()
    move(shop)
    with pytest.raises(MigrationRefused, match=r"is archived, .*: pass --reactivate to make it active while"):
        shop.migrations().plan_undo(shop.journal, Policy())


def test_a_dry_run_changes_nothing(shop: Shop) -> None:
    """Not even the archived price."""
    shop.subscribe(3)
    shop.archive()
    move(shop)
    shop.emulator.clear_requests()
    plan = shop.migrations().plan_undo(shop.journal, BACK)
    assert (len(plan.moves), plan.totals[0].before, plan.totals[0].after) == (1, 4200, 3600)
    assert shop.emulator.count(method="POST") == 0


def test_what_was_changed_since_stays(shop: Shop) -> None:
    """Another quantity, another price, an end: each is told, the others go back."""
    more, elsewhere, ended, same = (shop.subscribe(quantity) for quantity in (1, 2, 3, 4))
    move(shop)
    shop.buy(more, 9)
    third = shop.price(1)
    [item] = shop.subscription(elsewhere)["items"]["data"]
    change: Any = {"price": third, "quantity": 2}
    shop.client.v1.subscription_items.update(item["id"], change)
    shop.client.v1.subscriptions.cancel(ended)
    report = undo(shop)
    assert {skip.subscription: skip.reason for skip in report.plan.skips} == {
        more: "changed_since",
        elsewhere: "changed_since",
        ended: "canceled",
    }
    assert [shop.lines(name) for name in (more, elsewhere, same)] == [{shop.new: 9}, {third: 2}, {shop.old: 4}]


def test_what_changes_between_plan_and_turn_stays(shop: Shop) -> None:
    """It is looked at again right before the write."""
    name = shop.subscribe(1)
    move(shop)
    migrations = shop.migrations()
    plan = migrations.plan_undo(shop.journal, BACK)
    shop.buy(name, 5)
    report = migrations.run(plan, shop.folder / "undo.jsonl", ONE)
    assert list(report.as_json()["result"]["skipped"]) == ["changed_since"]
    assert shop.lines(name) == {shop.new: 5}


def test_those_who_were_not_moved_are_not_moved_back(shop: Shop) -> None:
    """Neither who joined the new price by itself, nor who stayed on the old one."""
    joined, poor = shop.subscribe(2, shop.new), shop.subscribe(3)
    shop.emulator.fail_next(400, path=f"/v1/subscriptions/{poor}", method="POST")
    move(shop)
    assert undo(shop).plan.moves == ()
    assert (shop.lines(joined), shop.lines(poor)) == ({shop.new: 2}, {shop.old: 3})


def test_raised_seats_come_down_again(shop: Shop) -> None:
    """To what was there before, although the price would allow more."""
    roomy = shop.price(1400, metadata={"billing:type": "per_seat", "billing:seats": "purchased minimum=3"})
    name = shop.subscribe(1)
    move(shop, roomy, raise_to_minimum=True)
    assert shop.lines(name) == {roomy: 3}
    undo(shop)
    assert shop.lines(name) == {shop.old: 1}


def test_an_undo_is_undone_and_done_once(shop: Shop) -> None:
    """A second undo finds nothing to do; the undo's own journal leads forward again."""
    name = shop.subscribe(3)
    move(shop)
    undo(shop)
    assert shop.migrations().plan_undo(shop.journal, BACK).moves == ()
    migrations = shop.migrations()
    migrations.run(migrations.plan_undo(shop.folder / "undo.jsonl", BACK), shop.folder / "redo.jsonl", ONE)
    assert shop.lines(name) == {shop.new: 3}


def test_the_way_back_over_an_interval_needs_its_word_again(shop: Shop) -> None:
    """It starts another period, as the way forward did."""
    yearly = shop.price(12000, recurring={"interval": "year"})
    shop.subscribe(2)
    move(shop, yearly, allow_interval_change=True)
    with pytest.raises(MigrationRefused, match="pass --allow-interval-change"):
        undo(shop)
    assert undo(shop, Policy(allow_interval_change=True)).as_json()["result"]["moved"] == 1


def test_a_journal_of_another_account_is_refused(shop: Shop) -> None:
    """Test and live, one account and another, never mix."""
    shop.subscribe()
    move(shop)
    text = shop.journal.read_text()
    shop.journal.write_text(text.replace("acct_emulator", "acct_other"))
    for call in (shop.migrations().resume, shop.migrations().state):
        with pytest.raises(JournalInvalid, match=r"is about account acct_other in test mode, .*: nothing was changed"):
            call(shop.journal)
    shop.journal.write_text(text.replace('"livemode":false', '"livemode":true'))
    with pytest.raises(JournalInvalid, match="is about account acct_emulator in live mode"):
        shop.migrations().plan_undo(shop.journal, BACK)
