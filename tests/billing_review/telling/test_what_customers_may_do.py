"""Features, portals and tax rates, in golden texts."""

from __future__ import annotations

from tests.billing_review.telling.builders import SEAT, VOLUME, golden, gone, new, replaced, same, told, updated

SSO = same("Feature", "sso", name="Single sign-on", lookup_key="sso")
PORTAL = same(
    "PortalConfiguration",
    "main",
    features={"invoice_history": {"enabled": True}, "subscription_cancel": {"enabled": True}},
)
VAT = same("TaxRate", "vat", display_name="VAT", percentage=19, inclusive=False, country="DE")


def test_a_new_feature() -> None:
    """What the application asks for."""
    assert told(new("Feature", "sso", **SSO.args)) == golden(
        """
        Feature Single sign-on: new feature, the application asks for “sso”.
        | Name: ∅ → Single sign-on
        | The application asks for: ∅ → sso
        """
    )


def test_a_feature_is_asked_for_otherwise() -> None:
    """A new one, and the old one never comes back."""
    assert told(replaced(SSO, lookup_key="saml")) == golden(
        """
        Feature Single sign-on: the application asks for “saml” instead of “sso”, \
a new feature takes the place of the old one.
        - Stripe never brings the old one back: an application that asks for “sso” finds nobody entitled to it.
        | The application asks for: sso → saml
        """
    )


def test_a_feature_goes() -> None:
    """For good."""
    assert told(gone("Feature", "sso", **SSO.args)).splitlines()[:2] == [
        "Feature Single sign-on: archived for good.",
        "- Stripe never brings it back: an application that asks for “sso” finds nobody entitled to it.",
    ]


def test_a_product_gets_a_feature() -> None:
    """Its customers are entitled to it."""
    attached = {"product": "team", "entitlement_feature": "sso"}
    assert told(new("ProductFeature", "team.sso", **attached), SSO) == golden(
        """
        Single sign-on in Team: customers of Team are entitled to it from now on.
        | Product: ∅ → Team
        | Feature: ∅ → Single sign-on
        """
    )
    assert told(gone("ProductFeature", "team.sso", **attached), SSO).splitlines()[0] == (
        "Single sign-on in Team: customers of Team are no longer entitled to it."
    )


def test_a_new_portal() -> None:
    """What customers may do in it."""
    assert told(new("PortalConfiguration", "main", **PORTAL.args)) == golden(
        """
        Customer portal main: new customer portal, customers may see past invoices and cancel.
        | Customers may see past invoices: ∅ → yes
        | Customers may cancel: ∅ → yes
        """
    )


def test_a_portal_allows_other_things() -> None:
    """What they may do, and with which prices."""
    offer = {
        "product": "team",
        "prices": [SEAT.key, VOLUME.key],
        "adjustable_quantity": {"enabled": True, "maximum": 10},
    }
    features = {
        "invoice_history": {"enabled": True},
        "subscription_cancel": {"enabled": False},
        "subscription_update": {"enabled": True, "default_allowed_updates": ["price", "quantity"], "products": [offer]},
    }
    assert told(updated(PORTAL, features=features), SEAT, VOLUME) == golden(
        """
        Customer portal main: customers may no longer cancel, customers may switch to other prices, \
prices on offer added, they may change the price and the quantity (until now nothing).
        | Customers may cancel: yes → no
        | Customers may switch to other prices: no → yes
        | Prices on offer: ∅ → “Team, monthly seat” and “Team, monthly seat in volume tiers” (in quantities of 1 to 10)
        | They may change: ∅ → the price and the quantity
        """
    )


def test_cancelling_takes_effect_at_once() -> None:
    """And what becomes of paid time."""
    cancel = {
        "enabled": True,
        "mode": "immediately",
        "proration_behavior": "create_prorations",
        "cancellation_reason": {"enabled": True, "options": ["unused", "too_expensive"]},
    }
    assert told(updated(PORTAL, features={**PORTAL.args["features"], "subscription_cancel": cancel})) == golden(
        """
        Customer portal main: cancelling takes effect at once (until now at the end of the paid period), \
paid time after a cancellation is settled on the next invoice (until now neither billed nor given back), \
customers who cancel are asked why, answers on offer added.
        | Cancelling takes effect: at the end of the paid period → at once
        | Paid time after a cancellation is: neither billed nor given back → settled on the next invoice
        | Customers who cancel are asked why: no → yes
        | Answers on offer: ∅ → too_expensive and unused
        """
    )


def test_pausing() -> None:
    """For how long."""
    pause = {
        "enabled": True,
        "duration": {
            "type": "interval_options",
            "interval_options": [{"interval": "month"}, {"interval": "week", "interval_count": 6}],
        },
    }
    found = told(updated(PORTAL, features={**PORTAL.args["features"], "subscription_pause": pause}))
    assert found.splitlines()[0].startswith("Customer portal main: customers may pause, ")
    assert "| Pauses: ∅ → 1 month and 6 weeks" in found


def test_a_portal_goes() -> None:
    """Its links stop working."""
    assert told(gone("PortalConfiguration", "main", **PORTAL.args)).splitlines()[0] == (
        "Customer portal main: deactivated, links to it stop working, unless it is the account's default."
    )


def test_another_rate() -> None:
    """A new rate, which nothing has yet."""
    assert told(replaced(VAT, percentage="21.5", inclusive=True)) == golden(
        """
        Tax rate VAT (DE): 19 % → 21.5 %, included in prices instead of added to prices, \
a new tax rate takes the place of the old one.
        - Stripe cannot change a rate: subscriptions keep the old one until somebody gives them the new.
        | Rate: 19 % → 21.5 %
        | Tax is: added to prices → included in prices
        """
    )


def test_a_rate_comes_and_goes() -> None:
    """How much, on top or within; who has it keeps it."""
    state = new(
        "TaxRate", "ny", display_name="Sales tax", percentage="8.875", inclusive=False, country="US", state="NY"
    )
    assert told(state).splitlines()[0] == ("Tax rate Sales tax (US-NY): new tax rate, 8.875 %, added to prices.")
    assert told(gone("TaxRate", "vat", **VAT.args)).splitlines()[:2] == [
        "Tax rate VAT (DE): archived.",
        "- Subscriptions that have it keep it; it cannot be chosen for anything new.",
    ]


def test_what_invoices_call_it() -> None:
    """Changed in place; equal percentages are equal however they are written."""
    assert told(
        updated(VAT, display_name="MwSt.", percentage="19.00", jurisdiction="Germany", tax_type="vat")
    ) == golden(
        """
        Tax rate MwSt. (DE): invoices call it “MwSt.” instead of “VAT”, jurisdiction set to “Germany”, \
kind of tax set to vat.
        | Name on invoices: VAT → MwSt.
        | Jurisdiction: ∅ → Germany
        | Kind of tax: ∅ → vat
        """
    )
