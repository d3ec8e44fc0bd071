"""The customer portal (https://docs.stripe.com/customer-management/integrate-customer-portal)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import uuid4

from billing_runtime._chosen import Chosen, licensed_item, running_subscription
from billing_runtime.checkout.links import Links
from billing_runtime.errors import InvalidInput
from billing_runtime.manifest import provisioned

if TYPE_CHECKING:
    from stripe.params.billing_portal import SessionCreateParams

    from billing_runtime._context import Context
    from billing_runtime.catalog import PortalConfiguration

Json = dict[str, Any]
Flow = Literal[
    "customer_update", "payment_method_update", "subscription_cancel", "subscription_pause", "subscription_update",
    "subscription_update_confirm",
]  # fmt: skip
_WITHOUT_SUBSCRIPTION: tuple[Flow, ...] = ("customer_update", "payment_method_update")
FLOWS: tuple[Flow, ...] = (
    *_WITHOUT_SUBSCRIPTION, "subscription_cancel", "subscription_pause", "subscription_update",
    "subscription_update_confirm",
)  # fmt: skip
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class PortalSession:
    """A link into the portal: `url`, good for a few minutes until it is opened."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Why a customer goes to the portal, and where it comes back to."""

    entity_id: str
    return_url: str | None = None
    configuration: str | None = None
    flow: Flow | None = None
    subscription_id: str | None = None
    price: str | None = None
    quantity: int | None = None
    locale: str | None = None

    def __post_init__(self) -> None:
        if self.flow is not None and self.flow not in FLOWS:
            message = f"flow must be one of {', '.join(FLOWS)}."
            raise InvalidInput(message)
        if (self.flow == "subscription_update_confirm") != (self.price is not None):
            message = "price= goes with flow='subscription_update_confirm', and that with a price."
            raise InvalidInput(message)


def open_portal(context: Context, customer_id: str, visit: Visit) -> PortalSession:
    """A portal session of the customer."""
    request = _request(context, customer_id, visit)
    body = context.api.write(
        "open the customer portal",
        f"billing-{uuid4().hex}",
        lambda client, options: client.v1.billing_portal.sessions.create(cast("SessionCreateParams", request), options),
    )
    return PortalSession(body["id"], body["url"])


def _request(context: Context, customer_id: str, visit: Visit) -> Json:
    links = Links(context)
    target = links.chosen("portal_return_url", visit.return_url)
    configuration = _configuration(context, visit.configuration)
    optional = {
        "return_url": None if target is None else links.back(visit.entity_id, target, session=False),
        "configuration": None if configuration is None else provisioned(configuration),
        "flow_data": None if visit.flow is None else _flow(context, customer_id, visit),
        "locale": visit.locale,
    }
    return {"customer": customer_id} | {name: value for name, value in optional.items() if value is not None}


def _configuration(context: Context, key: str | None) -> PortalConfiguration | None:
    """The one that was named, else the stack's only one, or the one called default; None is Stripe's own default."""
    known = context.manifest.portal_configurations
    if key is not None:
        return context.manifest.portal_configuration(key)
    if len(known) > 1 and _DEFAULT not in known:
        message = f"The stack has several portal configurations: name one of {', '.join(known)} with configuration=."
        raise InvalidInput(message)
    return known.get(_DEFAULT) or next(iter(known.values()), None)


def _flow(context: Context, customer_id: str, visit: Visit) -> Json:
    if visit.flow in _WITHOUT_SUBSCRIPTION:
        return {"type": visit.flow}
    chosen = running_subscription(context, Chosen(visit.entity_id, visit.subscription_id), customer_id)
    about: Json = {"subscription": chosen["id"]}
    if visit.price is not None:
        item = licensed_item(context.manifest, chosen)
        count = {"quantity": item["quantity"] if visit.quantity is None else visit.quantity}
        about["items"] = [{"id": item["id"], "price": provisioned(context.manifest.price(visit.price))} | count]
    return {"type": visit.flow, str(visit.flow): about}
