"""Configurations of the customer portal, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000


def new(client: stripe.StripeClient, /, **change: Any) -> Any:
    """Create a configuration."""
    params: Any = {"features": {"invoice_history": {"enabled": True}}, **change}
    return client.v1.billing_portal.configurations.create(params)


def test_configuration_is_shown_as_stripe_shows_it(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Every feature is there, switched off unless it was switched on; products are shown on request."""
    stripe_emulator.clock.set(NOW)
    shown = body(new(client, name="Main"))
    features = shown.pop("features")
    assert shown == {
        "id": shown["id"], "object": "billing_portal.configuration", "livemode": False, "active": True,
        "application": None, "created": NOW, "default_return_url": None, "is_default": True,
        "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
        "login_page": {"enabled": False, "url": None}, "metadata": {}, "name": "Main", "updated": NOW,
    }  # fmt: skip
    assert {name for name, feature in features.items() if feature["enabled"]} == {"invoice_history"}
    assert len(features) == 6


def test_defaults_are_filled_in(client: stripe.StripeClient) -> None:
    """What was not said is shown as what it means."""
    features = body(new(client))["features"]
    cancel, update = features["subscription_cancel"], features["subscription_update"]
    assert (cancel["mode"], cancel["proration_behavior"]) == ("at_period_end", "none")
    assert (update["proration_behavior"], update["trial_update_behavior"]) == ("none", "end_trial")
    assert (update["default_allowed_updates"], update["schedule_at_period_end"]) == ([], {"conditions": []})


@pytest.mark.belief(
    "an update of a portal configuration keeps what it does not name, at every depth (the depth: M)", "M"
)
def test_update_keeps_what_it_does_not_name(client: stripe.StripeClient) -> None:
    """At every depth: a feature keeps its other settings, a list is replaced, an empty string clears."""
    cancel = {"enabled": True, "mode": "immediately", "proration_behavior": "create_prorations"}
    first = new(
        client,
        business_profile={"headline": "Hello", "privacy_policy_url": "https://a.example/p"},
        default_return_url="https://a.example",
        features={"subscription_cancel": cancel, "customer_update": {"enabled": True, "allowed_updates": ["email"]}},
        metadata={"a": "1"},
    )
    change: Any = {
        "business_profile": {"headline": ""},
        "default_return_url": "",
        "features": {
            "customer_update": {"allowed_updates": ["name"]},
            "subscription_cancel": {"cancellation_reason": {"enabled": True, "options": ["unused"]}},
        },
        "metadata": {"b": "2"},
        "name": "Second",
    }
    shown = body(client.v1.billing_portal.configurations.update(first.id, change))
    assert shown["business_profile"]["headline"] is None
    assert shown["business_profile"]["privacy_policy_url"] == "https://a.example/p"
    assert (shown["default_return_url"], shown["name"], shown["metadata"]) == (None, "Second", {"a": "1", "b": "2"})
    reason = {"enabled": True, "options": ["unused"]}
    assert shown["features"]["subscription_cancel"] == {**cancel, "cancellation_reason": reason}
    assert shown["features"]["customer_update"] == {"enabled": True, "allowed_updates": ["name"]}


@pytest.mark.belief(
    "the first portal configuration is the default, and the default cannot be deactivated (words: M)", "I"
)
def test_first_configuration_is_the_default_for_good(client: stripe.StripeClient) -> None:
    """It cannot be deactivated; later ones can, and back again."""
    first, second = new(client), new(client)
    assert (first.is_default, second.is_default) == (True, False)
    change = client.v1.billing_portal.configurations.update
    with pytest.raises(stripe.InvalidRequestError) as refused:
        change(first.id, {"active": False})
    assert (refused.value.http_status, refused.value.param) == (400, "active")
    assert change(second.id, {"active": False}).active is False
    assert change(second.id, {"active": True}).active is True


def test_configurations_are_filtered(client: stripe.StripeClient) -> None:
    """By activity, and by whether one is the default."""
    first, second, third = (new(client).id for _ in range(3))
    client.v1.billing_portal.configurations.update(second, {"active": False})
    found = client.v1.billing_portal.configurations.list
    assert [one.id for one in found({"limit": 2}).auto_paging_iter()] == [third, second, first]
    assert [one.id for one in found({"active": True}).data] == [third, first]
    assert [one.id for one in found({"active": False}).data] == [second]
    assert [one.id for one in found({"is_default": True}).data] == [first]


def test_accounts_have_their_own_default(connect: Callable[[str], stripe.StripeClient]) -> None:
    """And so have the two modes of one."""
    for key in ("sk_test_emulator", "sk_live_emulator", "sk_test_other"):
        assert new(connect(key)).is_default is True


@pytest.mark.belief("a login page has an address while it is on", "S")
def test_login_page_has_an_address_while_it_is_on(client: stripe.StripeClient) -> None:
    """Switched off, the address is gone; an update about something else leaves it."""
    configuration = new(client, login_page={"enabled": True})
    url = configuration.login_page.url
    assert url.startswith("https://billing.stripe.com/p/login/test_")
    change = client.v1.billing_portal.configurations.update
    assert change(configuration.id, {"name": "x"}).login_page.url == url
    assert change(configuration.id, {"login_page": {"enabled": False}}).login_page.url is None


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"business_profile": {"headline": "x" * 61}}, "business_profile[headline]"),
        ({"business_profile": {"privacy_policy_url": "privacy"}}, "business_profile[privacy_policy_url]"),
        ({"business_profile": {"terms_of_service_url": "ftp://a.example"}}, "business_profile[terms_of_service_url]"),
        ({"default_return_url": "https://["}, "default_return_url"),
        ({"is_default": True}, "is_default"),
        ({"active": False}, "active"),
        ({"features": {}}, "features"),
        (
            {"features": {"customer_update": {"enabled": True, "allowed_updates": ["age"]}}},
            "features[customer_update][allowed_updates][0]",
        ),
    ],
)
def test_bad_configuration_is_refused(client: stripe.StripeClient, change: Any, param: str) -> None:
    """Links lead somewhere, headlines are short; whether it is the default is not for the caller to say."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        new(client, **change)
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.belief("a portal cancellation prorates only when it is immediate, and never invoices (words: M)", "S")
@pytest.mark.parametrize("behavior", ["always_invoice", "create_prorations"])
def test_cancellation_at_period_end_prorates_nothing(client: stripe.StripeClient, behavior: str) -> None:
    """Prorations are for cancelling immediately, an invoice for neither."""
    cancel = {"enabled": True, "proration_behavior": behavior}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        new(client, features={"subscription_cancel": cancel})
    assert refused.value.param == "features[subscription_cancel][proration_behavior]"


def test_pause_is_for_a_month_unless_said(client: stripe.StripeClient) -> None:
    """An interval counts once by default; preset durations need to be named."""
    assert body(new(client))["features"]["subscription_pause"]["duration"]["interval_options"][0]["interval"] == "month"
    preset: Any = {
        "enabled": True,
        "duration": {"type": "interval_options", "interval_options": [{"interval": "week"}]},
    }
    shown = body(new(client, features={"subscription_pause": preset}))["features"]["subscription_pause"]
    assert shown["duration"]["interval_options"] == [{"interval": "week", "interval_count": 1}]
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param"):
        new(client, features={"subscription_pause": {"enabled": True, "duration": {"type": "interval_options"}}})


def test_unknown_configuration_is_missing(client: stripe.StripeClient) -> None:
    """The error names the parameter of the address."""
    with pytest.raises(stripe.InvalidRequestError, match="No such configuration: 'bpc_nope'") as gone:
        client.v1.billing_portal.configurations.retrieve("bpc_nope")
    assert (gone.value.http_status, gone.value.param) == (404, "configuration")


def test_configuration_cannot_be_deleted(client: stripe.StripeClient) -> None:
    """There is no such route."""
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("delete", f"/v1/billing_portal/configurations/{new(client).id}")
