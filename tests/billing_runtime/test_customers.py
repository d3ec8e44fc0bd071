"""One entity, one Stripe customer, whatever happens."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, InvalidInput, NoCustomer, StripeRefused, StripeUnavailable, WrongAccount

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
CREATE: Any = {"method": "POST", "path": "/v1/customers"}

# A process of an application: it opens the same store and calls ensure in several threads at once.
PROGRAM = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from billing_runtime import Billing

settings = json.loads(sys.stdin.read())
threads = settings.pop("threads")
with Billing.open(**settings) as billing, ThreadPoolExecutor(threads) as pool:
    print(json.dumps([made.id for made in pool.map(billing.customers.ensure, ["org_1"] * threads)]))
"""


@pytest.fixture
def process(
    provisioned: Json, stripe_emulator: EmulatorClient, store_url: str
) -> Callable[[int], subprocess.Popen[str]]:
    """Start a process that calls ensure("org_1") in so many threads."""
    settings = {"manifest": provisioned, "store": store_url, "api_base": stripe_emulator.url, "environ": {}}

    def start(threads: int) -> subprocess.Popen[str]:
        started = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=-1, stdout=-1, stderr=-1, text=True)
        assert started.stdin is not None
        started.stdin.write(json.dumps(settings | {"api_key": stripe_emulator.key, "threads": threads}))
        started.stdin.close()
        started.stdin = None
        return started

    return start


def customers(client: stripe.StripeClient) -> list[stripe.Customer]:
    """Every customer at Stripe."""
    return list(client.v1.customers.list({"limit": 100}).auto_paging_iter())


def test_a_customer_is_made_once(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """The second call must send nothing and change nothing."""
    first = billing.customers.ensure("org_1", kind="organization", email="a@example.com", name="A", metadata={"x": "1"})
    stripe_emulator.clear_requests()
    second = billing.customers.ensure("org_1", kind="organization", email="other@example.com")
    assert (second.id, first.created, second.created) == (first.id, True, False)
    assert stripe_emulator.count() == 0


def test_the_customer_carries_what_was_said(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """E-mail, name, metadata and the entity must be at Stripe."""
    made = billing.customers.ensure("org_1", kind="organization", email="a@example.com", name="A", metadata={"x": "1"})
    customer = stripe_client.v1.customers.retrieve(made.id)
    assert (customer.email, customer.name) == ("a@example.com", "A")
    assert customer.metadata is not None
    assert customer.metadata.to_dict() == {
        "x": "1",
        "billing:entity": "org_1",
        "billing:kind": "organization",
        "billing:stack": "shop/dev",
    }


def test_what_was_not_said_is_not_sent(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """An e-mail address or name that is not known must not be sent as empty."""
    billing.customers.ensure("user_1", email="", name=None)
    assert set(stripe_emulator.requests(method="POST")[0]["params"]) == {"metadata"}


def test_entities_have_customers_of_their_own(billing: Billing) -> None:
    """Two entities must never share a customer, not even with one e-mail address."""
    ids = {billing.customers.ensure(entity, email="a@example.com").id for entity in ("user_1", "user_2")}
    assert len(ids) == 2


def test_the_customer_is_known_without_stripe(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Looking an entity's customer up must not need the network."""
    assert billing.customers.get("org_1") is None
    made = billing.customers.ensure("org_1")
    stripe_emulator.clear_requests()
    assert billing.customers.get("org_1") == made.__class__("org_1", made.id)
    assert stripe_emulator.count() == 0


def test_an_entity_without_customer_is_told_what_to_do(billing: Billing) -> None:
    """The error must name the call that helps."""
    with pytest.raises(NoCustomer, match=r"Entity 'org_1' has no Stripe customer: call billing\.customers\.ensure"):
        billing.customers.require("org_1")


def test_fifty_parallel_calls_of_several_processes(
    process: Callable[[int], subprocess.Popen[str]], stripe_client: stripe.StripeClient
) -> None:
    """50 calls from 5 processes at once must end with one customer, the same for all."""
    running = [process(10) for _ in range(5)]
    answers = [started.communicate() for started in running]
    assert [errors for _, errors in answers] == [""] * 5
    ids = {customer for out, _ in answers for customer in json.loads(out)}
    assert ids == {customer.id for customer in customers(stripe_client)}
    assert len(ids) == 1


def test_fifty_threads_send_one_request(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Threads of one process must wait for each other instead of asking Stripe fifty times."""
    with ThreadPoolExecutor(50) as pool:
        made = list(pool.map(billing.customers.ensure, ["org_1"] * 50))
    assert len({customer.id for customer in made}) == 1
    assert sum(customer.created for customer in made) == 1
    assert stripe_emulator.count(method="POST") == 1


def test_killed_between_the_post_and_the_note(
    process: Callable[[int], subprocess.Popen[str]],
    billing: Billing,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """SIGKILL after Stripe made the customer and before we heard of it must not lead to a second one."""
    pause = stripe_emulator.pause_next("after", method="POST", path="/v1/customers")
    doomed = process(1)
    pause.wait_until_reached()
    doomed.kill()
    assert doomed.communicate()[0] == ""
    pause.release()
    made = billing.customers.ensure("org_1")
    assert [customer.id for customer in customers(stripe_client)] == [made.id]


def test_an_answer_that_is_lost(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A connection cut after processing must be repeated under the same key."""
    stripe_emulator.cut_next("after", method="POST", path="/v1/customers")
    made = billing.customers.ensure("org_1")
    assert [customer.id for customer in customers(stripe_client)] == [made.id]


def test_stripe_is_down_for_a_while(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """Calls that fail must leave nothing that keeps later calls from succeeding, nor make a second customer."""
    stripe_emulator.cut_next("after", method="POST", path="/v1/customers", count=None)
    with pytest.raises(StripeUnavailable, match=r"Could not create a customer: Stripe at http.* cannot be reached"):
        billing.customers.ensure("org_1", email="a@example.com")
    stripe_emulator.clear_faults()
    made = billing.customers.ensure("org_1", email="b@example.com")
    assert [(customer.id, customer.email) for customer in customers(stripe_client)] == [(made.id, "a@example.com")]


def test_a_lost_answer_that_is_a_day_old(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """After Stripe has forgotten the key, the customer must be found by its mark instead of made again."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    now = [start]
    stripe_emulator.clock.set(int(start.timestamp()))
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=lambda: now[0])
    stripe_emulator.cut_next("after", method="POST", path="/v1/customers", count=5)
    with pytest.raises(StripeUnavailable):
        billing.customers.ensure("org_1")
    now[0] += timedelta(hours=25)
    stripe_emulator.clock.advance(25 * 3600)
    made = billing.customers.ensure("org_1")
    assert [customer.id for customer in customers(stripe_client)] == [made.id]


def test_a_kept_server_error(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A 500 that Stripe repeats under its key for a day must not shut the entity out for a day."""
    stripe_emulator.fail_next(500, method="POST", path="/v1/customers")
    made = billing.customers.ensure("org_1")
    assert [customer.id for customer in customers(stripe_client)] == [made.id]


def test_a_refusal_is_not_kept(billing: Billing) -> None:
    """After a refused request the next one must be a new one, with its own values."""
    with pytest.raises(StripeRefused, match="Stripe refused to create a customer: "):
        billing.customers.ensure("org_1", email="no address" * 100)
    assert billing.customers.ensure("org_1", email="a@example.com").created


def test_another_account(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient
) -> None:
    """A key of another account must be found out before anything is written, by one request."""
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, api_key="sk_test_other")
    stripe_emulator.clear_requests()
    with pytest.raises(WrongAccount, match="is for Stripe account acct_emulator, the key belongs to acct_other"):
        billing.customers.ensure("org_1")
    assert stripe_emulator.counts() == {"GET /v1/account": 1}


def test_the_account_is_asked_for_once(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Checking the account must cost one request in the life of a process."""
    for entity in ("user_1", "user_2"):
        billing.customers.ensure(entity)
    billing.check_account()
    assert stripe_emulator.count(path="/v1/account") == 1


def test_opening_needs_no_network(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Showing plans must work with Stripe out of reach, and the first call must say so in one sentence."""
    billing = open_billing(manifest=manifest_data, api_base="http://127.0.0.1:9")
    assert billing.plan("team").prices
    with pytest.raises(StripeUnavailable, match=r"^Could not read the account: Stripe at http://127\.0\.0\.1:9 cannot"):
        billing.customers.ensure("org_1")


@pytest.mark.parametrize("entity", ["", "  ", "x" * 256, "a\nb", None, 7])
def test_bad_entity_ids(billing: Billing, stripe_emulator: EmulatorClient, entity: Any) -> None:
    """Empty, over-long or unprintable ids must be refused before anything is stored or sent."""
    with pytest.raises(InvalidInput, match="entity_id must"):
        billing.customers.ensure(entity)
    assert stripe_emulator.count() == 0


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"billing:entity": "org_2"}, "is reserved"),
        ({"x" * 41: "1"}, "1 to 40 characters"),
        ({"a[b]": "1"}, "no brackets"),
        ({"a": "x" * 501}, "at most 500 characters"),
        ({"a": 1}, "must be a string"),
        ({str(n): "x" for n in range(48)}, "at most 47 keys"),
    ],
)
def test_bad_metadata(billing: Billing, stripe_emulator: EmulatorClient, metadata: Any, said: str) -> None:
    """Metadata must fit into Stripe and must never override whose customer it is."""
    with pytest.raises(InvalidInput, match=said):
        billing.customers.ensure("org_1", metadata=metadata)
    assert stripe_emulator.count() == 0


def test_an_unknown_kind(billing: Billing) -> None:
    """Only users and organizations can be customers."""
    with pytest.raises(InvalidInput, match="kind must be 'user' or 'organization'"):
        billing.customers.ensure("org_1", kind="team")


REFUSALS: dict[int, Json] = {
    401: {"type": "invalid_request_error", "message": "Invalid API Key provided."},
    403: {"type": "invalid_request_error", "message": "Not allowed."},
    400: {"type": "idempotency_error", "message": "Keys for idempotent requests can only be used with the same ..."},
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_that_does_not_tell_the_outcome(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient, status: int
) -> None:
    """A key that expired after a lost answer says nothing about the customer that may have been made."""
    stripe_emulator.cut_next("after", **CREATE)
    stripe_emulator.fail_next(status, body={"error": REFUSALS[status]}, **CREATE)
    with suppress(StripeRefused):
        billing.customers.ensure("org_1")
    made = billing.customers.ensure("org_1")
    assert [customer.id for customer in customers(stripe_client)] == [made.id]


def test_an_old_request_that_is_refused(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """What a crashed call left behind must not be the answer to a call with better values."""
    stripe_emulator.cut_next("before", count=5, **CREATE)
    with pytest.raises(StripeUnavailable):
        billing.customers.ensure("org_1", email="no address" * 100)
    billing.customers.ensure("org_1", email="a@example.com")
    assert [customer.email for customer in customers(stripe_client)] == ["a@example.com"]
