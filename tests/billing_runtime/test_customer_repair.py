"""Customers that are gone at Stripe, and strangers that look like ours."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from billing_runtime import Billing, StripeRefused, StripeUnavailable
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
CREATE: Any = {"method": "POST", "path": "/v1/customers"}

# A process of an application; it dies in the transaction that it is told.
PROGRAM = """
import json, os, signal, sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from billing_runtime import Billing

settings = json.loads(sys.stdin.read())
call, threads, kill_at = settings.pop("call"), settings.pop("threads"), settings.pop("kill_at")
with Billing.open(**settings) as billing:
    store, commits = type(billing._context.store), 0
    begin = store.transaction

    @contextmanager
    def transaction(self, scope):
        global commits
        with begin(self, scope) as change:
            yield change
            if commits == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        commits += 1

    store.transaction = transaction
    with ThreadPoolExecutor(threads) as pool:
        made = pool.map(lambda _: getattr(billing.customers, call)("org_1").id, range(threads))
        print(json.dumps(list(made)))
"""


@pytest.fixture
def process(
    provisioned: Json, stripe_emulator: EmulatorClient, any_store_url: str
) -> Callable[..., subprocess.Popen[str]]:
    """Start a process that makes a call about org_1 in so many threads."""
    settings = {"manifest": provisioned, "store": any_store_url, "api_base": stripe_emulator.url, "environ": {}}

    def start(call: str, *, threads: int = 1, kill_at: int = -1) -> subprocess.Popen[str]:
        started = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=-1, stdout=-1, stderr=-1, text=True)
        assert started.stdin is not None
        told = {"call": call, "threads": threads, "kill_at": kill_at, "api_key": stripe_emulator.key}
        started.stdin.write(json.dumps(settings | told))
        started.stdin.close()
        started.stdin = None
        return started

    return start


@pytest.fixture
def org(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, any_store_url: str
) -> Billing:
    """Billing on the backend of the test."""
    return open_billing(manifest=provisioned, api_base=stripe_emulator.url, store=any_store_url)


def customers(client: stripe.StripeClient) -> list[str]:
    """The ids of all customers that were not deleted."""
    return [one.id for one in client.v1.customers.list({"limit": 100}).auto_paging_iter()]


@pytest.mark.parametrize("backend", BACKENDS)
def test_fifty_calls_of_five_processes(
    process: Callable[..., subprocess.Popen[str]], stripe_client: stripe.StripeClient
) -> None:
    """50 calls from 5 processes at once must end with one customer, the same for all."""
    answers = [one.communicate() for one in [process("ensure", threads=10) for _ in range(5)]]
    assert [errors for _, errors in answers] == [""] * 5
    assert {made for out, _ in answers for made in json.loads(out)} == set(customers(stripe_client))
    assert len(customers(stripe_client)) == 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_repaired_by_five_processes(
    process: Callable[..., subprocess.Popen[str]], org: Billing, stripe_client: stripe.StripeClient
) -> None:
    """A customer that is gone must be replaced by one new customer, though 50 calls find out at once."""
    gone = org.customers.ensure("org_1", kind="organization").id
    stripe_client.v1.customers.delete(gone)
    answers = [one.communicate() for one in [process("repair", threads=10) for _ in range(5)]]
    assert [errors for _, errors in answers if "Traceback" in errors] == []
    (made,) = customers(stripe_client)
    assert {found for out, _ in answers for found in json.loads(out)} == {made}
    assert (org.customers.require("org_1").id, org.customers.kind("org_1")) == (made, "organization")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("call", ["ensure", "repair"])
@pytest.mark.parametrize("step", range(3))
def test_killed_in_a_transaction(
    process: Callable[..., subprocess.Popen[str]],
    org: Billing,
    stripe_client: stripe.StripeClient,
    call: str,
    step: int,
) -> None:
    """SIGKILL in any transaction of making or repairing a customer must leave one customer after the next call."""
    if call == "repair":
        stripe_client.v1.customers.delete(org.customers.ensure("org_1").id)
    doomed = process(call, kill_at=step)
    assert doomed.communicate()[0] == ""
    assert doomed.returncode == -9
    made = getattr(org.customers, call)("org_1")
    assert customers(stripe_client) == [made.id]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/account"), ("GET", "/v1/customers/*"), tuple(CREATE.values())]
)
def test_killed_at_a_request(
    process: Callable[..., subprocess.Popen[str]],
    org: Billing,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    method: str,
    path: str,
    when: str,
) -> None:
    """SIGKILL at any request of a repair must leave one customer after the next call."""
    stripe_client.v1.customers.delete(org.customers.ensure("org_1").id)
    pause = stripe_emulator.pause_next(when, method=method, path=path)
    doomed = process("repair")
    pause.wait_until_reached()
    doomed.kill()
    doomed.communicate()
    pause.release()
    made = org.customers.repair("org_1")
    assert customers(stripe_client) == [made.id]


def test_a_customer_that_is_there_stays(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Repairing what is in order must ask once and change nothing."""
    made = billing.customers.ensure("org_1")
    stripe_emulator.clear_requests()
    assert billing.customers.repair("org_1").id == made.id
    assert stripe_emulator.counts() == {"GET /v1/customers/{customer}": 1}


def test_gone_again_and_again(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Every deletion must be mended, not only the first."""
    seen = [billing.customers.ensure("org_1").id]
    for _ in range(3):
        stripe_client.v1.customers.delete(seen[-1])
        seen.append(billing.customers.repair("org_1").id)
    assert len(set(seen)) == 4
    assert customers(stripe_client) == [seen[-1]]


def test_a_customer_of_the_other_mode(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A store that was filled with live ids by mistake must lead to a customer of the key's own mode."""
    live = stripe.StripeClient("sk_live_emulator", base_addresses={"api": stripe_emulator.url})
    theirs = live.v1.customers.create({}).id
    billing._context.entities.bind_customer("org_1", kind="user", customer_id=theirs)
    made = billing.subscribe("org_1", price="alpaca-ai.base")
    assert made.customer_id in customers(stripe_client)
    assert billing.customers.require("org_1").id == made.customer_id


def test_stripe_is_down_while_repairing(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """That Stripe cannot be reached must never be taken for the customer's being gone."""
    made = billing.customers.ensure("org_1")
    stripe_emulator.fail_next(503, count=None, method="GET", path="/v1/customers/*")
    with pytest.raises(StripeUnavailable):
        billing.customers.repair("org_1")
    stripe_emulator.clear_faults()
    assert customers(stripe_client) == [made.id]


def test_a_missing_price_is_no_missing_customer(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """A price that Stripe does not have is refused with the same code, and must not cost the entity its customer."""
    prices = provisioned["prices"] | {"team.monthly": provisioned["prices"]["team.monthly"] | {"id": "price_none"}}
    lost = {**prices["team.monthly"], "lookup_key": None}
    billing = open_billing(
        manifest=provisioned | {"prices": prices | {"team.monthly": lost}}, api_base=stripe_emulator.url
    )
    made = billing.customers.ensure("org_1", kind="organization")
    with pytest.raises(StripeRefused, match="price_none"):
        billing.subscribe("org_1", price="team.monthly")
    assert billing.customers.require("org_1").id == made.id
    assert customers(stripe_client) == [made.id]


def test_nobody_is_adopted_by_an_address(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """A customer with the same e-mail address may be somebody else: it must neither be taken over nor be changed."""
    other = stripe_client.v1.customers.create({"email": "ada@example.com", "name": "Somebody"})
    made = billing.customers.ensure("user_1", email="ada@example.com")
    assert made.id != other.id
    kept = stripe_client.v1.customers.retrieve(other.id)
    assert kept.name == "Somebody"
    assert kept.metadata is not None
    assert kept.metadata.to_dict() == {}


def test_threads_repair_once(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Calls that meet the same missing customer at once must all go on with one new customer."""
    stripe_client.v1.customers.delete(billing.customers.ensure("org_1", kind="organization").id)
    with ThreadPoolExecutor(8) as pool:
        made = {
            one.customer_id for one in pool.map(lambda _: billing.subscribe("org_1", price="team.monthly"), "12345678")
        }
    assert made == set(customers(stripe_client))
    assert len(made) == 1
