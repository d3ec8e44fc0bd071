"""Configurations of the customer portal. https://docs.stripe.com/api/customer_portal/configurations."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import portal as errors
from stripe_emulator.ids import random_id
from stripe_emulator.kinds import Kind, lifecycle
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.portal.features import changed_features, first_features
from stripe_emulator.objects.portal.urls import is_url
from stripe_emulator.routing import Routes

Document = dict[str, Any]

PORTAL_CONFIGURATION = Kind(
    "billing_portal.configuration",
    "bpc",
    "configuration",
    path_param="configuration",
    on_request=frozenset({"features.subscription_update.products"}),
    events=lifecycle("billing_portal.configuration"),
)
KINDS = [PORTAL_CONFIGURATION]
routes = Routes()

_PROFILE = {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None}


@routes("POST /v1/billing_portal/configurations")
def create(call: Call) -> Document:
    """Create a configuration; the first one is the default for good."""
    params = call.params
    _refuse_bad_urls(call)
    others = call.store.all(PORTAL_CONFIGURATION.object)
    fields = {
        "active": True,
        "application": None,
        "business_profile": {**_PROFILE, **params.get("business_profile", {})},
        "created": call.now,
        "default_return_url": params.get("default_return_url"),
        "features": first_features(call, params["features"]),
        "is_default": not any(other["is_default"] for other in others),
        "login_page": _login_page(call, {"enabled": False, "url": None}),
        "metadata": merge_metadata({}, params.get("metadata")),
        "name": params.get("name"),
        "updated": call.now,
    }
    return call.create(PORTAL_CONFIGURATION, fields)


@routes("GET /v1/billing_portal/configurations/{configuration}")
def retrieve(call: Call) -> Document:
    """Return one configuration."""
    return call.in_path(PORTAL_CONFIGURATION, "configuration")


@routes("POST /v1/billing_portal/configurations/{configuration}")
def update(call: Call) -> Document:
    """Change anything: what is not named stays, at every depth."""
    configuration = call.in_path(PORTAL_CONFIGURATION, "configuration")
    params = call.params
    _refuse_bad_urls(call)
    if configuration["is_default"] and not params.get("active", True):
        raise errors.default_stays_active()
    if "metadata" in params:
        configuration["metadata"] = merge_metadata(configuration["metadata"], params["metadata"])
    configuration["business_profile"] |= params.get("business_profile", {})
    configuration["features"] = changed_features(call, configuration["features"], params.get("features", {}))
    configuration["login_page"] = _login_page(call, configuration["login_page"])
    plain: Document = {name: params[name] for name in ("active", "default_return_url", "name") if name in params}
    return call.save(PORTAL_CONFIGURATION, {**configuration, **plain, "updated": call.now})


@routes("GET /v1/billing_portal/configurations")
def index(call: Call) -> Document:
    """List configurations, newest first."""
    return listed(call, PORTAL_CONFIGURATION, "active", "is_default")


def _login_page(call: Call, page_: Document) -> Document:
    """Return the login page: switching it on makes an address, switching it off takes that away."""
    enabled = call.params.get("login_page", page_)["enabled"]
    if enabled == page_["enabled"]:
        return page_
    mode = "" if call.scope.livemode else "test_"
    return {"enabled": enabled, "url": f"https://billing.stripe.com/p/login/{mode}{_secret()}" if enabled else None}


def _secret() -> str:
    return random_id("", 18).removeprefix("_")


def _refuse_bad_urls(call: Call) -> None:
    profile = call.params.get("business_profile", {})
    urls = {f"business_profile[{name}]": profile.get(name) for name in _PROFILE if name != "headline"}
    urls["default_return_url"] = call.params.get("default_return_url")
    for name, url in urls.items():
        if url is not None and not is_url(url):
            raise errors.bad_url(name)
