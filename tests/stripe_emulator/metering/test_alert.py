"""Usage alerts, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def threshold(meter: Any, /, **change: Any) -> Any:
    """Return the parameters of an alert."""
    usage = {"gte": 100, "meter": meter.id, "recurrence": "one_time", **change}
    return {"alert_type": "usage_threshold", "title": "Hundred", "usage_threshold": usage}


def test_new_alert_is_active(client: stripe.StripeClient, meter: Any) -> None:
    """An alert watches from its creation on."""
    alert = client.v1.billing.alerts.create(threshold(meter))
    assert alert.usage_threshold is not None
    assert (alert.status, alert.usage_threshold.gte, alert.usage_threshold.meter) == ("active", 100, meter.id)


def test_meter_of_an_alert_can_be_expanded(client: stripe.StripeClient, meter: Any) -> None:
    """A field inside a hash can be expanded."""
    params: Any = {**threshold(meter), "expand": ["usage_threshold.meter"]}
    alert = client.v1.billing.alerts.create(params)
    assert alert.to_dict()["usage_threshold"]["meter"]["event_name"] == "tokens"


@pytest.mark.belief("an alert neither, in both directions (no evidence either way)", "M")
def test_alert_can_be_deactivated_and_activated(client: stripe.StripeClient, meter: Any) -> None:
    """The two states follow each other, and none follows itself."""
    alert = client.v1.billing.alerts.create(threshold(meter))
    assert client.v1.billing.alerts.deactivate(alert.id).status == "inactive"
    assert client.v1.billing.alerts.activate(alert.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.billing.alerts.activate(alert.id)


@pytest.mark.belief("archived alerts are hidden from list and API", "S")
def test_archived_alert_is_gone(client: stripe.StripeClient, meter: Any) -> None:
    """Archiving hides an alert from list and API for good."""
    alert = client.v1.billing.alerts.create(threshold(meter))
    assert client.v1.billing.alerts.archive(alert.id).status == "archived"
    assert client.v1.billing.alerts.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as gone:
        client.v1.billing.alerts.activate(alert.id)
    assert gone.value.http_status == 404


def test_alert_has_no_update(client: stripe.StripeClient, meter: Any) -> None:
    """There is no route to change an alert."""
    alert = client.v1.billing.alerts.create(threshold(meter))
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("post", f"/v1/billing/alerts/{alert.id}", title="Other")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"gte": 0}, "usage_threshold[gte]"),
        ({"gte": -1}, "usage_threshold[gte]"),
        ({"meter": "mtr_nope"}, "usage_threshold[meter]"),
        ({"recurrence": "daily"}, "usage_threshold[recurrence]"),
        ({"filters": [{"type": "customer"}]}, "usage_threshold[filters][0][customer]"),
        ({"filters": [{"type": "customer", "customer": "cus_no"}]}, "usage_threshold[filters][0][customer]"),
        ({"filters": [{"type": "customer", "customer": "cus_no"}] * 2}, "usage_threshold[filters]"),
    ],
)
def test_bad_threshold_is_refused(client: stripe.StripeClient, meter: Any, change: Any, param: str) -> None:
    """A threshold is positive, on an existing meter, for one existing customer at most."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.alerts.create(threshold(meter, **change))
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.parametrize("old", ["usage_threshold_config", "filter"])
def test_old_spellings_are_unknown(client: stripe.StripeClient, meter: Any, old: str) -> None:
    """What old guides teach is no parameter any more."""
    params: Any = {**threshold(meter), old: {"gte": 1}}
    with pytest.raises(stripe.InvalidRequestError, match=f"Received unknown parameter: {old}"):
        client.v1.billing.alerts.create(params)


def test_inactive_meter_is_refused(client: stripe.StripeClient, meter: Any) -> None:
    """A deactivated meter triggers nothing."""
    client.v1.billing.meters.deactivate(meter.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.alerts.create(threshold(meter))
    assert refused.value.param == "usage_threshold[meter]"


def test_threshold_is_required(client: stripe.StripeClient) -> None:
    """An alert of this type needs its threshold."""
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: usage_threshold"):
        client.v1.billing.alerts.create({"alert_type": "usage_threshold", "title": "Nothing"})


@pytest.mark.belief("25 alerts per meter and customer (words: M)", "D")
def test_at_most_25_alerts_per_meter_and_customer(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """The 26th is refused, unless it is for another customer or one was archived."""
    first, *_ = [client.v1.billing.alerts.create(threshold(meter, gte=gte)) for gte in range(1, 26)]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.billing.alerts.create(threshold(meter))
    filters = [{"type": "customer", "customer": customer.id}]
    assert client.v1.billing.alerts.create(threshold(meter, filters=filters)).status == "active"
    client.v1.billing.alerts.archive(first.id)
    assert client.v1.billing.alerts.create(threshold(meter)).status == "active"


def test_list_filters_by_meter(client: stripe.StripeClient, meter: Any) -> None:
    """Alerts of one meter are found."""
    alert = client.v1.billing.alerts.create(threshold(meter))
    assert [found.id for found in client.v1.billing.alerts.list({"meter": meter.id}).data] == [alert.id]
    assert client.v1.billing.alerts.list({"meter": "mtr_other"}).data == []


def test_alert_is_found_again(client: stripe.StripeClient, meter: Any) -> None:
    """What was created can be retrieved."""
    alert = client.v1.billing.alerts.create(threshold(meter))
    assert client.v1.billing.alerts.retrieve(alert.id).to_dict() == alert.to_dict()
