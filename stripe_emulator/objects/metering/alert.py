"""Usage alerts: created and archived, never updated. https://docs.stripe.com/api/billing/alert."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import meters as errors
from stripe_emulator.errors import parameters
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.metering.meter import METER
from stripe_emulator.objects.metering.watch import ALERTS, watched
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

ALERT = Kind(ALERTS, "alrt", "alert", expandable={"usage_threshold.meter": "billing.meter"})
KINDS = [ALERT]
routes = Routes()

_MOST = 25  # per meter and customer


@routes("POST /v1/billing/alerts")
def create(call: Call) -> Document:
    """Create an active alert."""
    params = call.params
    if "usage_threshold" not in params:
        raise parameters.missing("usage_threshold")
    threshold = _threshold(call, params["usage_threshold"])
    _refuse_too_many(call, threshold)
    fields = {"alert_type": params["alert_type"], "status": "active", "title": params["title"]}
    filtered = (threshold["filters"] or [{"customer": None}])[0]["customer"]
    watching = {"_since": call.store.count("meter_event"), "_watched": watched(threshold["meter"], filtered)}
    return call.create(ALERT, {**fields, "usage_threshold": threshold, **watching})


@routes("GET /v1/billing/alerts/{id}")
def retrieve(call: Call) -> Document:
    """Return one alert, unless it is archived."""
    return call.in_path(ALERT)


@routes("POST /v1/billing/alerts/{id}/activate")
def activate(call: Call) -> Document:
    """Watch again."""
    return _become(call, "active")


@routes("POST /v1/billing/alerts/{id}/deactivate")
def deactivate(call: Call) -> Document:
    """Stop watching."""
    return _become(call, "inactive")


@routes("POST /v1/billing/alerts/{id}/archive")
def archive(call: Call) -> Document:
    """Hide the alert from list and API for good."""
    alert = call.in_path(ALERT)
    return call.save(ALERT, {**alert, "status": "archived", "_hidden": True, "_watched": None})


@routes("GET /v1/billing/alerts")
def index(call: Call) -> Document:
    """List alerts that are not archived, newest first."""
    alerts = [alert for alert in _visible(call)[::-1] if _wanted(call, alert)]
    return page(call, alerts, noun=ALERT.noun)


def _wanted(call: Call, alert: Document) -> bool:
    meter, kind = call.params.get("meter"), call.params.get("alert_type")
    return meter in (None, alert["usage_threshold"]["meter"]) and kind in (None, alert["alert_type"])


def _threshold(call: Call, given: Document) -> Document:
    filters = given.get("filters") or []
    if given["gte"] <= 0:
        raise errors.threshold_not_positive(given["gte"])
    if len(filters) > 1:
        raise errors.too_many_filters()
    meter = call.named(METER, given["meter"], "usage_threshold[meter]")
    if meter["status"] != "active":
        raise errors.inactive_meter(meter["id"])
    for index_, filter_ in enumerate(filters):
        _require_customer(call, filter_, f"usage_threshold[filters][{index_}][customer]")
    return {"filters": filters or None, "gte": given["gte"], "meter": meter["id"], "recurrence": given["recurrence"]}


def _require_customer(call: Call, filter_: Document, name: str) -> None:
    if "customer" not in filter_:
        raise parameters.missing(name)
    call.named(CUSTOMER, filter_["customer"], name)


def _refuse_too_many(call: Call, threshold: Document) -> None:
    same = ("meter", "filters")
    others = [alert["usage_threshold"] for alert in _visible(call)]
    if sum(all(other[name] == threshold[name] for name in same) for other in others) >= _MOST:
        raise errors.too_many_alerts(_MOST)


def _visible(call: Call) -> list[Document]:
    return [alert for alert in call.store.all(ALERT.object) if not alert.get("_hidden")]


def _become(call: Call, status: str) -> Document:
    alert = call.in_path(ALERT)
    if alert["status"] == status:
        raise errors.already("alert", status)
    return call.save(ALERT, {**alert, "status": status})
