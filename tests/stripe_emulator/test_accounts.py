"""Several accounts: platforms and organizations reach those of others.

https://docs.stripe.com/connect/authentication, https://docs.stripe.com/context,
https://docs.stripe.com/keys/organization-api-keys
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from stripe_emulator.parameters import api_version

Connect = Callable[[str], stripe.StripeClient]


@pytest.fixture
def platform(connect: Connect, stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Return a client of a platform with one connected account."""
    stripe_emulator.connect("acct_platform", "acct_shop")
    return connect("sk_test_platform")


@pytest.mark.belief("a platform works in a connected account that `Stripe-Account` or `Stripe-Context` names", "D")
@pytest.mark.parametrize("header", ["stripe_account", "stripe_context"])
def test_platform_reaches_its_connected_accounts(platform: stripe.StripeClient, connect: Connect, header: str) -> None:
    """What it makes there is the other account's, and not its own."""
    options: Any = {header: "acct_shop"}
    made = platform.v1.customers.create({}, options).id
    assert connect("sk_test_shop").v1.customers.retrieve(made).id == made
    assert platform.v1.customers.list().data == []


def test_own_account_is_always_reached(platform: stripe.StripeClient) -> None:
    """Named or not."""
    assert platform.v1.customers.list(options={"stripe_account": "acct_platform"}).data == []


@pytest.mark.belief("a way of accounts, `acct_a/acct_b`, leads on from each to the next", "D")
def test_context_leads_on(platform: stripe.StripeClient, stripe_emulator: EmulatorClient, connect: Connect) -> None:
    """Only where each is connected to the one before."""
    stripe_emulator.connect("acct_shop", "acct_driver")
    made = platform.v1.customers.create({}, {"stripe_context": "acct_shop/acct_driver"}).id
    assert connect("sk_test_driver").v1.customers.retrieve(made).id == made
    with pytest.raises(stripe.PermissionError, match="does not have access to account 'acct_driver'"):
        platform.v1.customers.list(options={"stripe_context": "acct_driver"})


@pytest.mark.parametrize("account", ["acct_nope", "nonsense", "acct_shop/acct_nope", "/"])
def test_other_accounts_stay_closed(platform: stripe.StripeClient, account: str) -> None:
    """An account that is not connected is a 403, whether it exists or not."""
    with pytest.raises(stripe.PermissionError) as refused:
        platform.v1.customers.list(options={"stripe_context": account})
    assert refused.value.http_status == 403


@pytest.mark.belief("an organization's key must name an account and a version (words: M)", "D")
def test_organization_reaches_its_accounts(connect: Connect, stripe_emulator: EmulatorClient) -> None:
    """With `Stripe-Context` and `Stripe-Version`, and never without."""
    stripe_emulator.connect("sk_org_test_rocket", "acct_shop")
    organization = connect("sk_org_test_rocket")
    context: Any = {"stripe_context": "acct_shop"}
    assert organization.v1.customers.create({}, context).livemode is False
    with pytest.raises(stripe.InvalidRequestError, match="must include the `Stripe-Context` header"):
        organization.v1.customers.list()
    with pytest.raises(stripe.PermissionError):
        organization.v1.customers.list(options={"stripe_context": "acct_other"})


def test_organization_names_its_version(stripe_emulator: EmulatorClient, raw: Callable[..., Any]) -> None:
    """The official client always does; who does not is told."""
    stripe_emulator.connect("sk_org_live_rocket", "acct_shop")
    headers = {"Authorization": "Bearer sk_org_live_rocket", "Stripe-Context": "acct_shop"}
    status, body = raw("GET", "/v1/customers", headers=headers)
    assert (status, "`Stripe-Version`" in body["error"]["message"]) == (400, True)
    status, body = raw("GET", "/v1/customers", headers={**headers, "Stripe-Version": api_version()})
    assert (status, body["data"]) == (200, [])


@pytest.mark.parametrize(
    ("owner", "accounts"), [("shop", ["acct_a"]), ("sk_test_a", ["acct_a"]), ("acct_a", ["b"]), ("acct_a", "acct_b")]
)
def test_bad_connection_is_refused(stripe_emulator: EmulatorClient, owner: str, accounts: Any) -> None:
    """Only accounts are connected."""
    with pytest.raises(ValueError, match="acct_"):
        stripe_emulator.call("POST", "/accounts", {"owner": owner, "accounts": accounts})
