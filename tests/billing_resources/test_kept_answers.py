"""What Stripe keeps under an idempotency key for a day must neither stop a later run nor make a second object."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.programs import meter, product

PRODUCTS = {"method": "POST", "path": "/v1/products"}


def test_a_kept_500_is_asked_under_a_new_key(
    ours: Engine, account: EmulatorClient, client: stripe.StripeClient
) -> None:
    """The lists are read afresh, and then the create is tried under another key."""
    account.fail_next(500, **PRODUCTS)
    assert ours.up(product()) == {"Product.team": "create"}
    keys = [one["idempotency_key"] for one in account.requests(**PRODUCTS)]
    assert len(set(keys)) == len(keys) == 2
    assert account.count(method="GET", path="/v1/products") == 2
    assert len(client.v1.products.list().data) == 1


def test_a_kept_500_of_an_earlier_run(ours: Engine, account: EmulatorClient) -> None:
    """A run that ended in 500s does not spoil the next one, however often that happens."""
    for _ in range(2):
        account.fail_next(500, count=None, **PRODUCTS)
        with pytest.raises(Refused, match=r"could not create Product team: Stripe answered 500 over all.*; run"):
            ours.up(product())
        account.clear_faults()
    assert ours.up(product()) == {"Product.team": "create"}


def test_failing_for_good_ends(ours: Engine, account: EmulatorClient) -> None:
    """A create that fails under every key is given up after a few."""
    account.fail_next(500, count=None, **PRODUCTS)
    with pytest.raises(Refused):
        ours.up(product())
    assert account.count(**PRODUCTS) == 3


def test_a_500_that_made_the_object(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """If the lists show our object after a 500, it is taken, and nothing is made under another key."""
    account.fail_next(500, **PRODUCTS)
    second_list = account.pause_next(method="GET", path="/v1/products", skip=1)
    marks = {"billing:stack": "billing/dev", "billing:key": "team"}
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(ours.up, product())
        second_list.wait_until_reached()
        made = client.v1.products.create({"name": "Team", "metadata": marks})
        second_list.release()
        run.result()
    assert ours.of("Product.team").id == made.id
    assert len(client.v1.products.list().data) == 1


def test_a_kept_refusal(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """A 400 that was right yesterday is asked again, not replayed, once its reason is gone."""
    made = client.v1.billing.meters.create(
        {"display_name": "Theirs", "event_name": "tokens", "default_aggregation": {"formula": "count"}}
    )
    for _ in range(3):
        with pytest.raises(Refused, match=f"event_name tokens is in use by {made.id}, which no stack owns"):
            ours.up(meter())
    client.v1.billing.meters.deactivate(made.id)
    account.clock.advance(25 * 3600)
    with pytest.raises(Refused, match=f"event_name tokens belongs to {made.id}, which differs in default_aggregation"):
        ours.up(meter())


def test_a_500_of_an_update_is_asked_under_a_new_key(ours: Engine, account: EmulatorClient) -> None:
    """Repeating an update does no harm, so it is repeated where Stripe would only repeat its 500."""
    ours.up(product())
    account.fail_next(500, method="POST")
    account.clear_requests()
    assert ours.up(product(name="Crew")) == {"Product.team": "update"}
    assert len({one["idempotency_key"] for one in account.requests(method="POST")}) == 2


def test_an_update_that_fails_for_good_ends(ours: Engine, account: EmulatorClient) -> None:
    """It is given up with a sentence, and the next run finishes it."""
    ours.up(product())
    account.fail_next(500, count=None, method="POST")
    account.clear_requests()
    with pytest.raises(Refused, match=r"could not update Product team: Stripe answered 500 over all retries"):
        ours.up(product(name="Crew"))
    assert account.count(method="POST") == 3
    account.clear_faults()
    assert ours.up(product(name="Crew")) == {"Product.team": "update"}
