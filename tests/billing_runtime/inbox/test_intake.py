"""Taking a webhook in: on disk before Stripe hears of it, once and for ever, whoever else is at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import StoreError, WebhookMalformed, WebhookStale, WebhookTooLarge, WebhookUnsigned
from billing_runtime._group_commit import GroupCommit
from billing_runtime._inbox.notification import LIMIT
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.inbox.conftest import SECRET, Time, about, event, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime import Billing
    from billing_runtime._inbox.intake import Receipt
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
Deliver = Callable[[Json], "Receipt"]
on_every_backend = pytest.mark.parametrize("backend", BACKENDS)
UPDATED = event("customer.subscription.updated", about("sub_1", "cus_1"), id="evt_1")


@on_every_backend
def test_what_is_accepted_is_on_disk(
    deliver: Deliver, backend: str, open_billing: Callable[..., Billing], provisioned: Json, any_store_url: str
) -> None:
    """Once the call is back, another process must find the event, and nothing was asked of Stripe."""
    assert deliver(UPDATED).new
    found = open_billing(manifest=provisioned, store=any_store_url).inbox.find("evt_1")
    assert found is not None
    assert (found.type, found.customer_id, found.state) == ("customer.subscription.updated", "cus_1", "pending")


@on_every_backend
def test_a_repetition_is_known_for_ever(
    deliver: Deliver, backend: str, billing: Billing, worked: Callable[[], int], clock: Time
) -> None:
    """An event that comes again, even after years, must be accepted and do nothing."""
    assert [deliver(UPDATED).new for _ in range(3)] == [True, False, False]
    assert worked() == 1
    clock.advance(days=2000)
    assert not deliver(UPDATED).new
    assert worked() == 0


@on_every_backend
def test_of_a_hundred_at_once_one_is_new(deliver: Deliver, backend: str, billing: Billing) -> None:
    """However many deliveries of one event arrive together, it must be there once, and all be accepted."""
    with ThreadPoolExecutor(32) as pool:
        receipts = list(pool.map(lambda _: deliver(UPDATED), range(100)))
    assert [receipt.new for receipt in receipts].count(True) == 1
    assert billing.inbox.lag().waiting == 1


def test_who_comes_together_shares_a_commit() -> None:
    """While one commit is at work all others must wait for one more, not for one each."""
    batches: list[int] = []
    inside, go_on = threading.Event(), threading.Event()

    def commit(items: Sequence[int]) -> Sequence[int]:
        batches.append(len(items))
        inside.set()
        go_on.wait()
        return [item * 2 for item in items]

    group: GroupCommit[int, int] = GroupCommit(commit)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(group.add, 0)
        inside.wait()
        others = [pool.submit(group.add, number) for number in range(1, 9)]
        while len(group._queue) < 8:
            threading.Event().wait(0.001)
        go_on.set()
        assert [job.result() for job in (first, *others)] == [number * 2 for number in range(9)]
    assert batches == [1, 8]


def test_a_failed_commit_fails_for_all_who_shared_it(deliver: Deliver, billing: Billing) -> None:
    """Nobody may be told that an event is kept which is not; the next one must be kept again."""
    billing._context.store.close()
    failures = iter([StoreError("full")])

    def commit(items: Sequence[int]) -> Sequence[int]:
        for failure in failures:
            raise failure
        return items

    group: GroupCommit[int, int] = GroupCommit(commit)
    with pytest.raises(StoreError, match="full"):
        group.add(1)
    assert group.add(2) == 2


def test_bad_webhooks_leave_nothing_behind(billing: Billing, clock: Time, stripe_emulator: EmulatorClient) -> None:
    """Unsigned, stale, oversized and meaningless bodies must each be refused for their own reason, and not be kept."""
    body = json.dumps(UPDATED).encode()
    with pytest.raises(WebhookUnsigned):
        billing.webhook(body, None)
    with pytest.raises(WebhookUnsigned):
        billing.webhook(body, signature(body, clock.unix, "whsec_other"))
    with pytest.raises(WebhookStale):
        billing.webhook(body, signature(body, clock.unix - 301))
    with pytest.raises(WebhookTooLarge):
        billing.webhook(b" " * (LIMIT + 1), "t=1,v1=x")
    with pytest.raises(WebhookMalformed):
        billing.webhook(b"no JSON", signature(b"no JSON", clock.unix))
    lag = billing.inbox.lag()
    assert (lag.waiting, lag.unhandled, lag.oldest) == (0, 0, None)


def test_the_tolerance_follows_the_applications_clock(billing: Billing, clock: Time) -> None:
    """Tests that set the clock must be able to deliver, whatever the machine's says."""
    clock.advance(days=-4000)
    body = json.dumps(UPDATED).encode()
    assert billing.webhook(body, signature(body, clock.unix)).new


def test_a_body_may_be_text(billing: Billing, clock: Time) -> None:
    """Some frameworks hand the body over as text."""
    body = json.dumps(UPDATED | {"note": "ü"}, ensure_ascii=False)
    assert billing.webhook(body, signature(body.encode(), clock.unix, SECRET)).new


@pytest.mark.parametrize(
    ("change", "why"),
    [({"livemode": True}, "it is of live mode"), ({"account": "acct_other"}, "it is of another account")],
)
def test_what_is_somebody_elses_is_accepted_and_ignored(
    deliver: Deliver, billing: Billing, change: Json, why: str
) -> None:
    """A live application also gets test events, and a platform its accounts': an error would close the endpoint."""
    assert deliver(UPDATED | change).ignored == why
    assert billing.inbox.find("evt_1") is None


def test_an_unknown_type_is_accepted_and_known(deliver: Deliver, billing: Billing, worked: Callable[[], int]) -> None:
    """A type that nothing is done about must be answered like any other, and cost no work."""
    receipt = deliver(event("radar.early_fraud_warning.created", {"id": "issfr_1"}, id="evt_2"))
    assert (receipt.new, receipt.ignored) == (True, "this type of event is not handled")
    assert worked() == 0
    assert billing.inbox.lag().unhandled == 1
