"""What customers may do in the portal: everything is off until it is switched on, and echoed in full."""

from __future__ import annotations

import copy
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import portal as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.portal.products import products_of

Document = dict[str, Any]

_CANCEL = "features[subscription_cancel]"
_PAUSE = "features[subscription_pause]"
_UPDATE = "features[subscription_update]"
_ALL_OFF: Document = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {
            "enabled": False,
            "options": ["too_expensive", "missing_features", "switched_service", "unused", "other"],
        },
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {
        "duration": {"interval_options": [{"interval": "month", "interval_count": 1}], "type": "interval_options"},
        "enabled": False,
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "products": None,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}


def first_features(call: Call, given: Document) -> Document:
    """Return the features of a new configuration."""
    return changed_features(call, copy.deepcopy(_ALL_OFF), given)


def changed_features(call: Call, old: Document, given: Document) -> Document:
    """Return the features with what is given changed."""
    if "feedback_options" in given.get("subscription_cancel", {}).get("cancellation_reason", {}):
        raise not_emulated(f"{_CANCEL}[cancellation_reason][feedback_options]")
    features = _merged(old, given)
    _refuse_bad_cancel(features["subscription_cancel"])
    _complete_pause(features["subscription_pause"]["duration"], given.get("subscription_pause", {}))
    _complete_update(call, features["subscription_update"], given.get("subscription_update", {}))
    return features


def _merged(old: Document, given: Document) -> Document:
    return {name: _value(value, given[name]) if name in given else value for name, value in old.items()}


def _value(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return _merged(old, new)
    return [] if new is None and isinstance(old, list) else new


def _refuse_bad_cancel(cancel: Document) -> None:
    if cancel["proration_behavior"] == "always_invoice":
        raise errors.no_invoice_on_cancel()
    if cancel["proration_behavior"] == "create_prorations" and cancel["mode"] != "immediately":
        raise errors.no_proration_at_period_end()


def _complete_pause(duration: Document, given: Document) -> None:
    if "duration" not in given:
        return
    options = given["duration"].get("interval_options")
    if duration["type"] == "interval_options" and not options:
        raise parameters.missing(f"{_PAUSE}[duration][interval_options]")
    duration["interval_options"] = [{"interval_count": 1, **option} for option in options or []]


def _complete_update(call: Call, update: Document, given: Document) -> None:
    if given.get("products"):
        update["products"] = products_of(call, given["products"], f"{_UPDATE}[products]")
    update["products"] = update["products"] or None
    if update["enabled"] and not update["products"]:
        raise parameters.missing(f"{_UPDATE}[products]")
