"""Whatever the application, the network and kills do in between: everybody is moved once, and an undo restores.

A kill is an exception that nothing catches, thrown before or after a request or between two lines of the journal; each
line is on disk when it is written, so a killed process leaves the same. The command is killed for real in
`tests/billing_cli/test_migrate_kills.py`.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from billing_runtime import MigrationStopped, StripeUnavailable
from billing_runtime.migration import Pacing, Policy
from billing_runtime.migration.journal import JournalFile
from tests.billing_runtime.migration.conftest import BEGINNING, Shop

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from stripe_emulator.server import Server

DAY = 86400
ONE = Pacing(at_once=1, keep_going=True)
TROUBLES = ("kill", "cut_before", "cut_after", "lost", "busy", "broken", "buy", "late")
EXAMPLES = int(os.environ.get("BILLING_INTERLEAVINGS", "10"))
troubles = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(TROUBLES), st.integers(0, 1)), max_size=6)


class KilledError(BaseException):
    """The process is gone."""


@dataclass
class Fate:
    """What happens before which request: the n-th of a run, whoever sends it."""

    shop: Shop
    names: list[str]
    plan: dict[int, list[tuple[str, int]]]
    bought: dict[str, int] = field(default_factory=dict)
    after: set[str] = field(default_factory=set)
    """Who bought when the way that goes on had been gone already, or not been gone yet on the way back."""
    base: int = 10
    sent: int = 0
    dead: bool = False
    kill_after: bool = False

    def __call__(self) -> None:
        """A request is about to be sent."""
        if self.dead or self.kill_after:
            self.dead = True
            raise KilledError
        for trouble, which in self.plan.pop(self.sent, []):
            getattr(self, f"_{trouble}")(which)
        self.sent += 1

    def _kill(self, _: int) -> None:
        self.dead = True
        raise KilledError

    def _cut_before(self, _: int) -> None:
        self.shop.emulator.cut_next("before", path="/v1/subscriptions/sub_*")

    def _cut_after(self, _: int) -> None:
        self.shop.emulator.cut_next("after", path="/v1/subscriptions/sub_*")

    def _lost(self, _: int) -> None:
        """Stripe carries it out, and nobody is there to hear the answer."""
        self.shop.emulator.cut_next("after", path="/v1/subscriptions/sub_*")
        self.kill_after = True

    def _busy(self, _: int) -> None:
        self.shop.emulator.fail_next(429, path="/v1/subscriptions/sub_*", count=2)

    def _broken(self, _: int) -> None:
        self.shop.emulator.fail_next(500, path="/v1/subscriptions/sub_*")

    def _buy(self, which: int) -> None:
        """The application sells seats; not between a look and its write, which Stripe has no way to guard."""
        name = self.names[which]
        if self.looking_at(name):
            return
        [item] = self.shop.client.v1.subscription_items.list({"subscription": name}).data
        if item.price.id == self.shop.new:
            self.after.add(name)
        self.bought[name] = self.bought.get(name, self.base) + 1
        self.shop.client.v1.subscription_items.update(item.id, {"quantity": self.bought[name]})

    def _late(self, _: int) -> None:
        """Two days pass: Stripe has forgotten every key."""
        self.shop.now += 2 * DAY
        self.shop.emulator.clock.set(self.shop.now)

    def looking_at(self, name: str) -> bool:
        """Whether the migration's last request was a look at this subscription: the next one may be its write."""
        seen = self.shop.emulator.requests(path="/v1/subscriptions/*")
        return bool(seen) and (seen[-1]["path"], seen[-1]["method"]) == (f"/v1/subscriptions/{name}", "GET")


def until_done(shop: Shop, fate: Fate, journal: Path, begin: Any) -> Mapping[str, Any]:
    """Begin, and take it up again as often as it dies or leaves something; answers the result."""
    for number in range(40):
        fate.dead = fate.kill_after = False
        migrations = shop.migrations(turn=fate)
        try:
            report = migrations.resume(journal, ONE) if number and journal.exists() else begin(migrations)
        except (KilledError, StripeUnavailable, MigrationStopped):
            continue
        result: dict[str, Any] = report.as_json()["result"]
        if not result["failed"] and not result["remaining"]:
            shop.emulator.clear_faults()
            return result
    raise AssertionError


class Begun:
    """Where every example begins; too long to be shown with each."""

    def __init__(self, shop: Shop, names: list[str], kept: Any) -> None:
        self.shop, self.names, self.kept = shop, names, kept

    def __repr__(self) -> str:
        return "Begun()"


@pytest.fixture(scope="module")
def begun(stripe_emulator_server: Server) -> Begun:
    """Two subscriptions on an archived price, to begin from again and again."""
    emulator = stripe_emulator_server.admin
    emulator.reset()
    emulator.clock.set(BEGINNING)
    shop = Shop.opened(emulator, Path())
    names = [shop.subscribe(quantity) for quantity in (3, 5)]
    shop.archive()
    return Begun(shop, names, emulator.snapshot())


# Without shrinking: an example is a second of requests, and is short as it is.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=EXAMPLES, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(forward=troubles, backward=troubles)
def test_everybody_moves_once_and_comes_back(
    begun: Begun, forward: list[tuple[int, str, int]], backward: list[tuple[int, str, int]]
) -> None:
    """Each is on the new price with the quantity it had by then, written once; the undo restores who did not change."""
    begun.shop.emulator.restore(begun.kept)
    with TemporaryDirectory() as folder:
        shop, names = replace(begun.shop, folder=Path(folder), now=BEGINNING), begun.names
        there, had = Fate(shop, names, planned(forward)), dict(zip(names, (3, 5), strict=True))
        until_done(
            shop, there, shop.journal, lambda one: one.run(one.plan(shop.old, None, Policy()), shop.journal, ONE)
        )
        had |= there.bought
        assert {name: shop.lines(name) for name in names} == {name: {shop.new: had[name]} for name in names}
        assert all(shop.moves_written(name) == 1 for name in names)

        back, undo, policy = (
            Fate(shop, names, planned(backward), base=30),
            shop.folder / "undo.jsonl",
            Policy(reactivate=True),
        )
        until_done(shop, back, undo, lambda one: one.run(one.plan_undo(shop.journal, policy), undo, ONE))
        had |= back.bought
        stay = there.after | back.after  # whoever changed after the move is not moved back
        ends = {name: {shop.new if name in stay else shop.old: had[name]} for name in names}
        assert {name: shop.lines(name) for name in names} == ends
        assert all(shop.moves_written(name) == (1 if name in stay else 2) for name in names)
        assert shop.client.v1.prices.retrieve(shop.old).active is False


def planned(given_troubles: list[tuple[int, str, int]]) -> dict[int, list[tuple[str, int]]]:
    """By the number of the request before which they happen."""
    found: dict[int, list[tuple[str, int]]] = {}
    for moment, trouble, which in given_troubles:
        found.setdefault(moment, []).append((trouble, which))
    return found


@pytest.mark.parametrize("line", range(9))
def test_a_crash_between_any_two_lines(shop: Shop, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    """Before or after what it says has been done, and with the line cut anywhere."""
    names = [shop.subscribe(quantity) for quantity in (3, 4)]
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    write, calls = JournalFile.write, itertools.count()

    def dying(self: JournalFile, *lines: Any) -> None:
        if next(calls) == line // 2:
            if line % 2:
                write(self, *lines)
                with self.path.open("r+b") as file:
                    file.truncate(self.path.stat().st_size - 5)
            raise KilledError
        write(self, *lines)

    with monkeypatch.context() as patched:
        patched.setattr(JournalFile, "write", dying)
        with pytest.raises(KilledError):
            migrations.run(plan, shop.journal, ONE)
    if line < 2:  # the plan itself was not complete: nothing was changed, and it is begun anew
        assert shop.moves_written(names[0]) == 0
        shop.journal.unlink()
        migrations.run(plan, shop.journal, ONE)
    else:
        shop.migrations().resume(shop.journal, ONE)
    assert [shop.lines(name) for name in names] == [{shop.new: 3}, {shop.new: 4}]
    assert [shop.moves_written(name) for name in names] == [1, 1]


def test_after_a_day_a_lost_answer_is_looked_up_and_not_repeated(shop: Shop) -> None:
    """Stripe has forgotten the key by then; what is there decides."""
    done, open_ = shop.subscribe(3), shop.subscribe(4)
    fate = Fate(shop, [done, open_], {})
    migrations = shop.migrations(turn=fate)
    plan = migrations.plan(shop.old, None, Policy(proration="create_prorations"))
    for name, when in ((done, "after"), (open_, "before")):
        shop.emulator.cut_next(when, path=f"/v1/subscriptions/{name}", method="POST")
        shop.emulator.cut_next("before", path=f"/v1/subscriptions/{name}", method="GET", skip=1, count=5)
    migrations.run(plan, shop.journal, ONE)
    shop.now += 2 * DAY
    shop.emulator.clock.set(shop.now)
    report = shop.migrations().resume(shop.journal, ONE)
    assert (report.as_json()["result"]["moved"], report.as_json()["result"]["found"]) == (2, 1)
    assert [shop.moves_written(name) for name in (done, open_)] == [1, 1]


def test_within_a_day_the_same_request_is_repeated(shop: Shop) -> None:
    """Key, quantity and moment of the proration are those of the first time."""
    name = shop.subscribe(3)
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy(proration="create_prorations"))
    shop.emulator.cut_next("before", path=f"/v1/subscriptions/{name}", method="POST", count=5)
    migrations.run(plan, shop.journal, ONE)
    shop.now += 3600
    shop.migrations().resume(shop.journal, ONE)
    sent = shop.emulator.requests(method="POST", path=f"/v1/subscriptions/{name}")
    assert len(sent) == 6
    assert all(one["params"] == sent[0]["params"] for one in sent)
    assert shop.moves_written(name) == 1


def test_somebody_who_moved_back_within_the_day_is_moved_again(shop: Shop) -> None:
    """The first key would answer as if it were still on the new price; what is there decides."""
    name = shop.subscribe(3)
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    shop.emulator.cut_next("after", path=f"/v1/subscriptions/{name}", method="POST")
    shop.emulator.cut_next("before", path=f"/v1/subscriptions/{name}", method="GET", skip=1, count=5)
    assert migrations.run(plan, shop.journal, ONE).as_json()["result"]["failed"][0]["unknown"]
    [item] = shop.subscription(name)["items"]["data"]
    change: Any = {"price": shop.old, "quantity": 3}
    shop.client.v1.subscription_items.update(item["id"], change)
    shop.migrations().resume(shop.journal, ONE)
    assert shop.lines(name) == {shop.new: 3}


def test_a_quantity_that_changed_after_a_lost_request_is_kept(shop: Shop) -> None:
    """The repeated request would be another one under the same key: it gets a key of its own."""
    name = shop.subscribe(3)
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    shop.emulator.cut_next("before", path=f"/v1/subscriptions/{name}", method="POST", count=5)
    migrations.run(plan, shop.journal, ONE)
    shop.buy(name, 8)
    shop.migrations().resume(shop.journal, ONE)
    assert shop.lines(name) == {shop.new: 8}
