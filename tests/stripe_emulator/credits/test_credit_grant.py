"""Credit grants, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000
DAY = 86400


@pytest.fixture(autouse=True)
def _still(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOW)


def ten_dollars(customer: stripe.Customer, /, **change: Any) -> Any:
    """Return the parameters of a grant."""
    return {
        "customer": customer.id,
        "amount": {"type": "monetary", "monetary": {"currency": "usd", "value": 1000}},
        "applicability_config": {"scope": {"price_type": "metered"}},
        **change,
    }


def test_grant_is_shown_as_stripe_shows_it(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Effective at once, without an end, paid for, of middle priority, unless said otherwise."""
    grant = client.v1.billing.credit_grants.create(ten_dollars(customer, name="Ten"))
    assert body(grant) == {
        "id": grant.id, "object": "billing.credit_grant", "livemode": False,
        "amount": {"monetary": {"currency": "usd", "value": 1000}, "type": "monetary"},
        "applicability_config": {"scope": {"price_type": "metered"}}, "category": "paid", "created": NOW,
        "customer": customer.id, "customer_account": None, "effective_at": NOW, "expires_at": None, "metadata": {},
        "name": "Ten", "priority": 50, "test_clock": None, "updated": NOW, "voided_at": None,
    }  # fmt: skip
    assert body(client.v1.billing.credit_grants.retrieve(grant.id)) == body(grant)


def test_grant_can_be_for_some_prices(
    client: stripe.StripeClient, customer: stripe.Customer, usage: stripe.Price
) -> None:
    """Each of them by its id; the customer can be expanded."""
    config = {"scope": {"prices": [{"id": usage.id}]}}
    shown = body(
        client.v1.billing.credit_grants.create(ten_dollars(customer, applicability_config=config, expand=["customer"]))
    )
    assert shown["applicability_config"] == config
    assert shown["customer"]["email"] == "ada@example.com"


@pytest.mark.real_stripe
@pytest.mark.belief(
    "a credit grant is effective at once, paid, of priority 50, for metered prices only (words: M)", "S"
)
@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"customer": "cus_nope"}, "customer"),
        ({"customer_account": "acct_1"}, "customer_account"),
        ({"amount": {"type": "monetary"}}, "amount[monetary]"),
        ({"amount": {"type": "monetary", "monetary": {"currency": "usd", "value": 0}}}, "amount[monetary][value]"),
        ({"amount": {"type": "monetary", "monetary": {"currency": "x", "value": 1}}}, "amount[monetary][currency]"),
        (
            {"applicability_config": {"scope": {"prices": [{"id": "price_no"}]}}},
            "applicability_config[scope][prices][0][id]",
        ),
        (
            {"applicability_config": {"scope": {"price_type": "metered", "prices": [{"id": "price_no"}]}}},
            "applicability_config[scope]",
        ),
        (
            {"applicability_config": {"scope": {"prices": [{"id": "price_no"}] * 21}}},
            "applicability_config[scope][prices]",
        ),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + 5, "effective_at": NOW + 5}, "expires_at"),
        ({"priority": 101}, "priority"),
        ({"priority": -1}, "priority"),
        ({"category": "stolen"}, "category"),
        ({"name": "x" * 101}, "name"),
    ],
)
def test_bad_grant_is_refused(client: stripe.StripeClient, customer: stripe.Customer, change: Any, param: str) -> None:
    """A grant is a positive amount, for a customer, for metered prices, for a time ahead."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.credit_grants.create(ten_dollars(customer, **change))
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_credits_are_for_metered_prices(
    client: stripe.StripeClient, customer: stripe.Customer, seat: stripe.Price
) -> None:
    """A licensed price is refused by its place."""
    config = {"scope": {"prices": [{"id": seat.id}]}}
    with pytest.raises(stripe.InvalidRequestError, match="not metered") as refused:
        client.v1.billing.credit_grants.create(ten_dollars(customer, applicability_config=config))
    assert refused.value.param == "applicability_config[scope][prices][0][id]"


@pytest.mark.real_stripe
@pytest.mark.belief("only the end and the metadata of a grant change", "S")
def test_only_end_and_metadata_can_change(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """An end can be set, moved and taken away."""
    grant = client.v1.billing.credit_grants.create(ten_dollars(customer, metadata={"a": "1"}))
    change = client.v1.billing.credit_grants.update
    assert change(grant.id, {"expires_at": NOW + DAY}).expires_at == NOW + DAY
    assert change(grant.id, {"expires_at": ""}).expires_at is None
    assert body(change(grant.id, {"metadata": {"b": "2"}}))["metadata"] == {"a": "1", "b": "2"}
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: name"):
        client.raw_request("post", f"/v1/billing/credit_grants/{grant.id}", name="Other")


@pytest.mark.real_stripe
@pytest.mark.belief("what has expired or was voided cannot end again", "M")
@pytest.mark.parametrize(("method", "field"), [("expire", "expires_at"), ("void_grant", "voided_at")])
def test_grant_ends_once(client: stripe.StripeClient, customer: stripe.Customer, method: str, field: str) -> None:
    """What has expired or was voided cannot be ended or prolonged."""
    grant = client.v1.billing.credit_grants.create(ten_dollars(customer))
    ended = getattr(client.v1.billing.credit_grants, method)(grant.id)
    assert body(ended)[field] == NOW
    for again in ("expire", "void"):
        with pytest.raises(stripe.InvalidRequestError, match="already"):
            client.raw_request("post", f"/v1/billing/credit_grants/{grant.id}/{again}")
    with pytest.raises(stripe.InvalidRequestError, match="already"):
        client.v1.billing.credit_grants.update(grant.id, {"expires_at": NOW + DAY})


@pytest.mark.belief("a customer has 100 unused grants at most (words: M)", "D")
def test_hundred_unused_grants_at_most(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The 101st is refused, unless it is another customer's or one has ended."""
    first, *_ = [client.v1.billing.credit_grants.create(ten_dollars(customer)) for _ in range(100)]
    with pytest.raises(stripe.InvalidRequestError, match="at most 100"):
        client.v1.billing.credit_grants.create(ten_dollars(customer))
    client.v1.billing.credit_grants.create(ten_dollars(client.v1.customers.create({})))
    client.v1.billing.credit_grants.void_grant(first.id)
    assert client.v1.billing.credit_grants.create(ten_dollars(customer)).priority == 50


def test_grants_are_listed_by_customer(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Newest first; ended ones are among them."""
    other = client.v1.customers.create({})
    ids = [client.v1.billing.credit_grants.create(ten_dollars(customer)).id for _ in range(3)]
    client.v1.billing.credit_grants.create(ten_dollars(other))
    client.v1.billing.credit_grants.void_grant(ids[0])
    found = client.v1.billing.credit_grants.list({"customer": customer.id, "limit": 2})
    assert [grant.id for grant in found.auto_paging_iter()] == ids[::-1]


def test_unknown_grant_is_missing(client: stripe.StripeClient) -> None:
    """As everywhere."""
    with pytest.raises(stripe.InvalidRequestError, match="No such credit grant: 'credgr_nope'") as gone:
        client.v1.billing.credit_grants.retrieve("credgr_nope")
    assert gone.value.http_status == 404
