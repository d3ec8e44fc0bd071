"""Sessions of the customer portal: one customer in front of it for a short time.

https://docs.stripe.com/api/customer_portal/sessions
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import portal as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.portal.configuration import PORTAL_CONFIGURATION
from stripe_emulator.objects.portal.flow import flow_of
from stripe_emulator.objects.portal.urls import is_url
from stripe_emulator.routing import Routes

Document = dict[str, Any]

UNUSED, IDLE = 5 * 60, 60 * 60
"""A link that nobody opens is good for five minutes; one that is used, for an hour after the last time."""

PORTAL_SESSION = Kind(
    "billing_portal.session",
    "bps",
    "billing_portal.session",
    path_param="session",
    expandable={"configuration": "billing_portal.configuration"},
    events=lambda before, _after: ["billing_portal.session.created"] if before is None else [],
)
KINDS = [PORTAL_SESSION]
routes = Routes()


@routes("POST /v1/billing_portal/sessions")
def create(call: Call) -> Document:
    """Open the portal for a customer, as a configuration allows it."""
    params = call.params
    for name in ("customer_account", "on_behalf_of"):
        if name in params:
            raise not_emulated(name)
    if "customer" not in params:
        raise parameters.missing("customer")
    customer = call.named(CUSTOMER, params["customer"], "customer")
    configuration = _configuration(call)
    if "return_url" in params and not is_url(params["return_url"]):
        raise errors.bad_url("return_url")
    identifier = call.new_id(PORTAL_SESSION)
    fields = {
        "after_expiration": _after_expiration(params),
        "configuration": configuration["id"],
        "created": call.now,
        "customer": customer["id"],
        "customer_account": None,
        "flow": flow_of(call, customer, configuration["features"]),
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url", configuration["default_return_url"]),
        "url": call.hosted.url("billing", f"/p/session/{identifier}"),
        "_open_until": call.now + UNUSED,
    }
    return call.create(PORTAL_SESSION, fields, identifier=identifier)


def is_open(call: Call, session: Document) -> bool:
    """Say whether the link still opens the portal."""
    return call.now < int(session["_open_until"])


def used(call: Call, session: Document) -> Document:
    """Note that the customer was here."""
    return call.save(PORTAL_SESSION, {**session, "_open_until": call.now + IDLE})


def _configuration(call: Call) -> Document:
    if "configuration" in call.params:
        return call.named(PORTAL_CONFIGURATION, call.params["configuration"], "configuration")
    default = next((one for one in call.store.all(PORTAL_CONFIGURATION.object) if one["is_default"]), None)
    if default is None:
        raise errors.no_configuration(livemode=call.scope.livemode)
    return default


def _after_expiration(params: Document) -> Document | None:
    given = params.get("after_expiration")
    if not given:
        return None
    login = given.get("customer_login")
    return {"type": given["type"], "customer_login": login and {"expires_at": login.get("expires_at")}}
