"""What alerts see: a customer's usage since each alert was created, and when it first reaches the threshold.

https://docs.stripe.com/billing/subscriptions/usage-based/alerts: alerts do not work with test clocks, and fire once for
each customer.
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.metering.payload import Reading
from stripe_emulator.objects.metering.tally import SECONDS, Tally, counted, read, together, value_of, written
from stripe_emulator.objects.metering.usage import METER_EVENTS, newest_of

Document = dict[str, Any]

ALERTS = "billing.alert"
_SEEN = "billing.alert_usage"
_WINDOW = "billing.alert_window"  # what was received last of each, on a pre-aggregated meter
EVERYBODY = "*"


def watched(meter: str, customer: str | None) -> str:
    """Return the name under which the alerts on a meter for one customer, or for everybody, are found."""
    return f"{meter}/{customer or EVERYBODY}"


def see(call: Call, reading: Reading, event: Document) -> None:
    """Show an event that counts from now on to the alerts that watch it, and let those fire that it is enough for."""
    if reading.clock is not None:
        return
    customer = reading.customer["id"]
    for alert in _alerts(call, reading.meter["id"], customer):
        if event["_number"] > alert["_since"]:
            _fire(call, alert, reading, _add(call, alert, reading.meter, customer, event))


def unsee(call: Call, meter: Document, customer: str) -> None:
    """Let the alerts count a customer's events anew, one of which is cancelled; what has fired has fired."""
    events = call.store.where(METER_EVENTS, "_of", f"{meter['id']}/{customer}")
    for alert in _alerts(call, meter["id"], customer):
        newest = [newest_of(one) for one in events if one["_number"] > alert["_since"]]
        kept = counted([(one[0], Tally.of(one)) for one in newest], meter["event_time_window"])
        for window in call.store.where(_WINDOW, "_of", _key(alert, customer)):
            call.store.remove(_WINDOW, window["id"])
        if meter["event_time_window"]:
            for _, tally in kept:
                _keep_window(call, meter, _key(alert, customer), tally)
        _keep(call, _key(alert, customer), together(kept), fired=_has_fired(call, alert, customer))


def _alerts(call: Call, meter: str, customer: str) -> list[Document]:
    names = (watched(meter, None), watched(meter, customer))
    return [alert for name in names for alert in call.store.where(ALERTS, "_watched", name)]


def _add(call: Call, alert: Document, meter: Document, customer: str, event: Document) -> Tally:
    """Add an event to what an alert has seen of a customer, and return that."""
    key, one = _key(alert, customer), Tally.of(newest_of(event))
    seen = read(call.store.peek(_SEEN, key)) + one
    if meter["event_time_window"]:
        seen = _replaced(call, meter, key, seen, one)
    _keep(call, key, seen, fired=_has_fired(call, alert, customer))
    return seen


def _replaced(call: Call, meter: Document, key: str, seen: Tally, one: Tally) -> Tally:
    """Let an event take the place of the one before it in its window, and return what is seen then."""
    before = read(call.store.peek(_WINDOW, _window_key(meter, key, one)))
    _keep_window(call, meter, key, one)
    if meter["default_aggregation"]["formula"] == "last":  # what was replaced may have been the last
        return together((0, read(window)) for window in call.store.where(_WINDOW, "_of", key))
    return Tally(seen.count - before.count, seen.total - before.total, seen.newest, seen.latest)


def _fire(call: Call, alert: Document, reading: Reading, seen: Tally) -> None:
    customer = reading.customer["id"]
    value = value_of(reading.meter["default_aggregation"]["formula"], seen)
    if alert["status"] != "active" or value < alert["usage_threshold"]["gte"] or _has_fired(call, alert, customer):
        return
    _keep(call, _key(alert, customer), seen, fired=True)
    triggered = {
        "object": "billing.alert_triggered",
        "alert": alert,
        "created": call.now,
        "customer": customer,
        "livemode": call.scope.livemode,
        "value": value,
    }
    call.announce("billing.alert.triggered", triggered)


def _key(alert: Document, customer: str) -> str:
    return f"{alert['id']}/{customer}"


def _window_key(meter: Document, key: str, tally: Tally) -> str:
    moment = 0 if tally.newest is None else tally.newest[0]
    return f"{key}/{moment // SECONDS[meter['event_time_window']]}"


def _has_fired(call: Call, alert: Document, customer: str) -> bool:
    return bool((call.store.peek(_SEEN, _key(alert, customer)) or {}).get("fired"))


def _keep(call: Call, key: str, tally: Tally, *, fired: bool) -> None:
    call.store.put(_SEEN, key, {**written(tally), "fired": fired})


def _keep_window(call: Call, meter: Document, key: str, tally: Tally) -> None:
    name = _window_key(meter, key, tally)
    call.store.put(_WINDOW, name, {"id": name, "_of": key, **written(tally)})
