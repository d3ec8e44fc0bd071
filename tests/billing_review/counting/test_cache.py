"""A count of the last minutes is not made again."""

from __future__ import annotations

import dataclasses
import json
import stat
from pathlib import Path

import stripe

from billing_review.counting import Cache, Clock, count
from stripe_emulator import EmulatorClient
from tests.billing_review.counting.shop import FAST, Shop, change, step, told

NOW = 1_790_000_000.0


def at(moment: float) -> Clock:
    """A clock that stands still."""
    return dataclasses.replace(Clock(), now=lambda: moment)


def test_second_review_asks_for_the_account_only(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient, tmp_path: Path
) -> None:
    """The same numbers come from the file, with a word about their age; after five minutes they are counted anew."""
    seat, cache = shop.price(), Cache(tmp_path / "counts")
    shop.subscribe((seat, 2))
    first = count(change(step("seat", seat)), client, bound=FAST, clock=at(NOW), cache=cache)
    shop.subscribe((seat, 3))
    stripe_emulator.clear_requests()
    counting, affected = count(change(step("seat", seat)), client, bound=FAST, clock=at(NOW + 299), cache=cache)
    assert (affected, counting.calls, stripe_emulator.count()) == (first[1], 1, 1)
    assert counting.sentence == "Customers of 1 price were counted at Stripe in 1 call (some up to 4 minutes ago)."
    _, later = count(change(step("seat", seat)), client, bound=FAST, clock=at(NOW + 300), cache=cache)
    assert later["Price", "seat"].seats == 5


def test_only_what_is_not_known_is_counted(shop: Shop, client: stripe.StripeClient, tmp_path: Path) -> None:
    """Another price of the same change is counted beside the one that is known."""
    seat, extra, cache = shop.price(), shop.price(), Cache(tmp_path)
    shop.subscribe((seat, 1), (extra, 1))
    told(client, step("seat", seat), clock=at(NOW), cache=cache)
    shop.subscribe((seat, 1), (extra, 1))
    _, affected = count(
        change(step("seat", seat), step("extra", extra)), client, bound=FAST, clock=at(NOW), cache=cache
    )
    assert (affected["Price", "seat"].active, affected["Price", "extra"].active) == (1, 2)


def test_nothing_is_kept_of_an_unfinished_count(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient, tmp_path: Path
) -> None:
    """A least is no count to be believed for five minutes."""
    seat = shop.price()
    stripe_emulator.fail_next(400, path="/v1/checkout/sessions")
    counting = told(client, step("seat", seat), cache=Cache(tmp_path))
    assert counting.status == "partly"
    assert not list(tmp_path.iterdir())


def test_files_are_the_users_own(shop: Shop, client: stripe.StripeClient, tmp_path: Path) -> None:
    """Nobody else reads them, and there is no key and no customer in them."""
    seat, folder = shop.price(), tmp_path / "counts"
    shop.subscribe((seat, 1))
    told(client, step("seat", seat), cache=Cache(folder))
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["affected"]["active"] == 1
    assert "cus_" not in file.read_text()


def test_spoiled_file_is_counted_anew(shop: Shop, client: stripe.StripeClient, tmp_path: Path) -> None:
    """Cut, foreign, and from the future: none of these is believed."""
    seat, cache = shop.price(), Cache(tmp_path)
    told(client, step("seat", seat), clock=at(NOW), cache=cache)
    (file,) = tmp_path.iterdir()
    whole = file.read_text()
    for spoiled in (whole[:10], "[]", whole.replace('"version": 1', '"version": 2'), whole.replace('"active"', '"x"')):
        file.write_text(spoiled)
        assert told(client, step("seat", seat), clock=at(NOW), cache=cache).calls == 3
    assert told(client, step("seat", seat), clock=at(NOW - 60), cache=cache).calls == 3


def test_folder_that_cannot_be_written(shop: Shop, client: stripe.StripeClient, tmp_path: Path) -> None:
    """Counting goes on without a cache."""
    seat = shop.price()
    (tmp_path / "file").write_text("")
    assert told(client, step("seat", seat), cache=Cache(tmp_path / "file" / "counts")).status == "counted"
