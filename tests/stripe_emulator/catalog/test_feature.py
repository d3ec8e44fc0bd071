"""Features, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.answers import body

SSO: Any = {"name": "Single sign-on", "lookup_key": "sso"}


def test_feature_is_shown_as_stripe_shows_it(client: stripe.StripeClient) -> None:
    """A new feature is active."""
    params: Any = {**SSO, "metadata": {"a": "1"}}
    feature = client.v1.entitlements.features.create(params)
    assert body(feature) == {
        "id": feature.id, "object": "entitlements.feature", "livemode": False, "active": True,
        "lookup_key": "sso", "name": "Single sign-on", "metadata": {"a": "1"},
    }  # fmt: skip
    assert body(client.v1.entitlements.features.retrieve(feature.id)) == body(feature)


def test_lookup_key_of_an_active_feature_is_taken(client: stripe.StripeClient) -> None:
    """A lookup key names one active feature."""
    client.v1.entitlements.features.create(SSO)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.entitlements.features.create(SSO)
    assert (refused.value.http_status, refused.value.param) == (400, "lookup_key")


@pytest.mark.belief(
    "one active feature per lookup key; archiving is for good and gives the key free (code and words: M)", "I S"
)
def test_archived_feature_gives_its_key_free_and_stays(client: stripe.StripeClient) -> None:
    """Archiving is for good: the key can be had anew, the old feature cannot be changed or revived."""
    old = client.v1.entitlements.features.create(SSO)
    gone: Any = {"active": False, "metadata": {"why": "renamed"}}
    assert client.v1.entitlements.features.update(old.id, gone).active is False
    assert client.v1.entitlements.features.create(SSO).id != old.id
    for change in ({"active": True}, {"name": "Other"}):
        with pytest.raises(stripe.InvalidRequestError, match="archived"):
            client.raw_request("post", f"/v1/entitlements/features/{old.id}", **change)
    assert client.v1.entitlements.features.retrieve(old.id).metadata["why"] == "renamed"


def test_lookup_key_cannot_change(client: stripe.StripeClient) -> None:
    """Name and metadata can."""
    feature = client.v1.entitlements.features.create(SSO)
    changed = client.v1.entitlements.features.update(feature.id, {"name": "SSO", "metadata": {"a": "1"}})
    assert (changed.name, body(changed)["metadata"]) == ("SSO", {"a": "1"})
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: lookup_key"):
        client.raw_request("post", f"/v1/entitlements/features/{feature.id}", lookup_key="other")


@pytest.mark.parametrize(
    ("change", "param"),
    [({"lookup_key": "x" * 81}, "lookup_key"), ({"lookup_key": ""}, "lookup_key"), ({"name": ""}, "name")],
)
def test_bad_feature_is_refused(client: stripe.StripeClient, change: Any, param: str) -> None:
    """A feature has a name, and a lookup key of at most 80 characters."""
    params: Any = {**SSO, **change}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.entitlements.features.create(params)
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.belief("without `archived`, features are listed that are active", "S")
def test_archived_features_are_listed_on_request(client: stripe.StripeClient) -> None:
    """A list has active features only, unless it asks for the archived ones."""
    one, two = (client.v1.entitlements.features.create({"name": key, "lookup_key": key}) for key in ("one", "two"))
    client.v1.entitlements.features.update(one.id, {"active": False})
    found = client.v1.entitlements.features.list
    assert [feature.id for feature in found().data] == [two.id]
    assert [feature.id for feature in found({"archived": True}).data] == [one.id]
    assert [feature.id for feature in found({"lookup_key": "two"}).data] == [two.id]
    assert found({"lookup_key": "one"}).data == []


def test_feature_cannot_be_deleted(client: stripe.StripeClient) -> None:
    """There is no such route."""
    feature = client.v1.entitlements.features.create(SSO)
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("delete", f"/v1/entitlements/features/{feature.id}")
