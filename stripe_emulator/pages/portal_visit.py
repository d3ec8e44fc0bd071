"""A customer in the portal: who it is, what the configuration allows, and where a flow leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripe_emulator.call import Call
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.portal.configuration import PORTAL_CONFIGURATION
from stripe_emulator.objects.portal.session import PORTAL_SESSION, is_open
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION
from stripe_emulator.pages.refusals import RefusedError
from stripe_emulator.pages.visits import visit

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

OF_FLOWS = {
    "customer_update": ("update_customer",),
    "payment_method_update": ("add_payment_method", "answer_bank", "set_default_payment_method"),
    "subscription_cancel": ("cancel", "accept_offer"),
    "subscription_pause": ("pause",),
    "subscription_update": ("update", "preview"),
    "subscription_update_confirm": ("confirm_update", "preview"),
}
"""What can be done in each flow, and nothing else."""


@dataclass(frozen=True)
class PortalVisit:
    """One customer, one moment."""

    call: Call
    session: Document
    customer: Document
    configuration: Document

    @property
    def features(self) -> Document:
        """What the configuration allows."""
        return dict(self.configuration["features"])

    @property
    def flow(self) -> Document | None:
        """The flow that the customer is in; a finished one that leads to the portal is none any more."""
        flow: Document | None = self.session["flow"]
        homepage = flow is not None and flow["after_completion"]["type"] == "portal_homepage"
        return None if homepage and self.session.get("_done") else flow

    def subscription(self, identifier: Any) -> Document:
        """Return one of the customer's own subscriptions."""
        found = self.call.store.get(SUBSCRIPTION.object, str(identifier))
        if found is None or found["customer"] != self.customer["id"]:
            message = f"the customer {self.customer['id']} has no subscription {identifier}"
            raise RefusedError(message)
        return found

    def require(self, feature: str, what: str) -> Document:
        """Return the settings of a feature, or say that customers may not do this."""
        settings: Document = self.features[feature]
        if not settings["enabled"]:
            message = f"the portal's configuration {self.configuration['id']} does not let customers {what}"
            raise RefusedError(message)
        return settings

    def require_in_flow(self, action: str, subscription: Any) -> None:
        """Refuse what lies beside the flow, and everything once it is finished."""
        if self.flow is None:
            return
        kind = self.flow["type"]
        if self.session.get("_done"):
            message = f"the flow of the portal session {self.session['id']} is finished"
            raise RefusedError(message)
        about = (self.flow.get(kind) or {}).get("subscription")
        if action not in OF_FLOWS[kind] or (about is not None and subscription not in (None, about)):
            message = f"the portal session {self.session['id']} leads to {kind} only"
            raise RefusedError(message)


def visit_portal(emulator: Emulator, identifier: str) -> PortalVisit:
    """Open the door for whoever has the link, as long as it is good."""
    call = visit(emulator, PORTAL_SESSION.object, identifier)
    session = call.named(PORTAL_SESSION, identifier, "session")
    if not is_open(call, session):
        message = f"the portal session {identifier} has expired: create another one"
        raise RefusedError(message)
    configuration = call.named(PORTAL_CONFIGURATION, session["configuration"], "configuration")
    customer = call.store.get(CUSTOMER.object, session["customer"])
    if customer is None:
        message = f"the customer {session['customer']} has been deleted"
        raise RefusedError(message)
    return PortalVisit(call.on_clock(customer["test_clock"]), session, customer, configuration)
