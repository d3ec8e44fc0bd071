"""kill -9 between a payment and its grant: whoever comes next grants it, once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.billing_runtime.credits.paid.test_automatic import begin, invoices, status, sweep
from tests.billing_runtime.inbox.conftest import SECRET, signature

if TYPE_CHECKING:
    from tests.billing_runtime.credits.paid.conftest import Shop

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(shop: Shop, any_store_url: str) -> Iterator[Start]:
    """Start a worker that stands still `before` or `after` the grant is on disk; none outlives its test."""
    started: list[subprocess.Popen[str]] = []

    def one(dies: str) -> subprocess.Popen[str]:
        settings = {
            "manifest": shop.data,
            "store": any_store_url,
            "api_base": shop.emulator.url,
            "webhook_secrets": SECRET,
            "now": shop.clock.now.isoformat(),
            "dies": dies,
        }
        command = [sys.executable, "-m", "tests.billing_runtime.credits.paid.dying", json.dumps(settings)]
        started.append(subprocess.Popen(command, stdin=-1, stdout=-1, text=True))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.communicate()


def killed_at_the_grant(process: subprocess.Popen[str]) -> None:
    """Gone, without a chance to tidy up."""
    assert process.stdout is not None
    assert process.stdout.readline() == "at the grant\n"
    process.kill()
    process.wait()


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_killed_grant_is_made_once(shop: Shop, start: Start, dies: str) -> None:
    """Killed when the payment was heard of, before or after the grant was on disk: there must be one grant."""
    shop.buy(2)
    for event in shop.events("checkout.session.completed"):
        payload = json.dumps(event).encode()
        shop.billing.webhook(payload, signature(payload, shop.clock.unix))
    killed_at_the_grant(start(dies))
    assert shop.left() == (200 if dies == "after" else 0)
    shop.work()  # the dead one's lease still holds
    shop.clock.advance(minutes=6)
    shop.hear()
    assert (shop.kinds(), shop.billing.inbox.lag().waiting) == ([("granted", 200)], 0)


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_killed_top_up_is_finished(shop: Shop, start: Start, dies: str) -> None:
    """Killed after the card was charged: no second charge, and one grant, whoever finds it."""
    begin(shop, units=1)
    killed_at_the_grant(start(dies))
    assert invoices(shop) == [("paid", 1000)]
    shop.clock.advance(minutes=6)
    sweep(shop)
    assert (shop.left(), status(shop).state, invoices(shop)) == (101, "ready", [("paid", 1000)])
    shop.hear()
    assert shop.left() == 101


@pytest.mark.parametrize("path", ["/v1/invoices", "/v1/invoiceitems", "/v1/invoices/*/pay"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_killed_request_is_repeated(shop: Shop, start: Start, path: str, when: str) -> None:
    """Killed in the middle of each request of a top-up: the next worker must end with one invoice, paid once."""
    begin(shop, units=1)
    held = shop.emulator.pause_next(when, method="POST", path=path)
    process = start("after")
    held.wait_until_reached()
    process.kill()
    process.wait()
    held.release()
    shop.clock.advance(minutes=6)
    sweep(shop)
    assert (shop.left(), invoices(shop)) == (101, [("paid", 1000)])
