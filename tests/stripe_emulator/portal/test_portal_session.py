"""Sessions of the customer portal, through the official client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.answers import body
from tests.stripe_emulator.portal.portals import RETURN, allow, open_portal

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOW = 1_700_000_000


@pytest.mark.belief("a portal session is shown with its configuration, customer, url and what it returns to", "S")
def test_session_is_shown_as_stripe_shows_it(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Every field of the published object is there, and the link leads to the emulator."""
    stripe_emulator.clock.set(NOW)
    configuration = allow(client, invoice_history={"enabled": True})
    shown = body(open_portal(client, customer.id, locale="de"))
    assert shown == {
        "id": shown["id"], "object": "billing_portal.session", "livemode": False, "after_expiration": None,
        "configuration": configuration.id, "created": NOW, "customer": customer.id, "customer_account": None,
        "flow": None, "locale": "de", "on_behalf_of": None, "return_url": RETURN,
        "url": f"{stripe_emulator.url}/p/session/{shown['id']}",
    }  # fmt: skip
    assert shown["id"].startswith("bps_")


@pytest.mark.error_case(86)
@pytest.mark.belief("a portal session without a configuration takes the default one, and is refused without any", "I")
def test_default_configuration_is_needed(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Error 86: there is no default yet; afterwards the default is taken, and another one where it is named."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_portal(client, customer.id)
    assert str(refused.value.user_message) == (
        "No configuration provided and your test mode default configuration has not been created. Provide a "
        "configuration or create your default by saving your customer portal settings in test mode at "
        "https://dashboard.stripe.com/test/settings/billing/portal."
    )
    first = allow(client, default_return_url="https://a.example/home")
    second = allow(client)
    assert open_portal(client, customer.id).configuration == first.id
    assert open_portal(client, customer.id, return_url=None).return_url == "https://a.example/home"
    named = open_portal(client, customer.id, configuration=second.id, expand=["configuration"])
    assert named.configuration.id == second.id


def test_live_mode_is_named(connect: Any) -> None:
    """The sentence about a missing default names the mode, and the page of that mode."""
    live = connect("sk_live_emulator")
    customer = live.v1.customers.create()
    with pytest.raises(stripe.InvalidRequestError, match=r"in live mode at https://dashboard\.stripe\.com/settings/"):
        open_portal(live, customer.id)


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"return_url": "nowhere"}, "return_url"),
        ({"configuration": "bpc_none"}, "configuration"),
        ({"customer": "cus_none"}, "customer"),
        ({"customer": None}, "customer"),
        ({"on_behalf_of": "acct_1"}, "on_behalf_of"),
    ],
)
def test_bad_parameters_are_refused(
    client: stripe.StripeClient, customer: stripe.Customer, change: dict[str, Any], param: str
) -> None:
    """Each refusal names the parameter."""
    allow(client)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_portal(client, **{"customer": customer.id, **change})
    assert refused.value.param == param


@pytest.mark.belief("billing_portal.session.created, billing_portal.configuration.created and .updated are told", "S")
def test_events(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A configuration is told when it is made and changed, a session when it is made."""
    configuration = allow(client)
    client.v1.billing_portal.configurations.update(configuration.id, {"name": "Second"})
    session = open_portal(client, customer.id)
    told = [event for event in client.v1.events.list().data if event.type.startswith("billing_portal.")]
    assert [event.type.removeprefix("billing_portal.") for event in told] == [
        "session.created",
        "configuration.updated",
        "configuration.created",
    ]
    assert told[0].data.object["id"] == session.id
    assert told[1].to_dict()["data"]["previous_attributes"]["name"] is None


def test_expiry_of_a_login_is_echoed(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """What happens after the end of the session is shown as it was asked for."""
    allow(client)
    asked = {"type": "customer_login", "customer_login": {"expires_at": NOW}}
    assert body(open_portal(client, customer.id, after_expiration=asked))["after_expiration"] == asked
