"""Selling to an entity: a checkout page, a subscription by API, a card to be saved, the customer portal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime._offer import Wanted, offer_of
from billing_runtime.checkout.checkouts import Checkouts
from billing_runtime.checkout.look import Look
from billing_runtime.checkout.promotions import promotion_code_id
from billing_runtime.checkout.trials import Trials
from billing_runtime.portal import Visit, open_portal
from billing_runtime.setup import begin_setup
from billing_runtime.subscribing import Order, Subscribing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing_runtime._context import Context
    from billing_runtime._offer import Mode, Offer
    from billing_runtime.checkout.request import Page
    from billing_runtime.checkout.session import CheckoutSession
    from billing_runtime.customers import Customers
    from billing_runtime.permissions import Verb
    from billing_runtime.portal import Flow, PortalSession
    from billing_runtime.seats import SeatsOfEntities
    from billing_runtime.setup import SetupIntent
    from billing_runtime.subscribing import PaymentBehavior
    from billing_runtime.subscription import Subscription


class Selling:
    """The calls of `Billing` that sell."""

    _context: Context
    customers: Customers
    seats: SeatsOfEntities

    def authorize(self, actor: str | None, entity_id: str, verb: Verb) -> None:
        """Return if the actor may do this to the entity's billing, else raise NotAllowed.

        `actor` is the application's id of a user; None is the application itself, which may do everything. The role is
        asked for at each call.
        """
        if actor is not None:
            kind = self.customers.kind(entity_id)
            self._context.permissions.authorize(actor, entity_id, verb, kind=kind)

    def checkout(  # noqa: PLR0913 - what a page can be about
        self,
        entity_id: str,
        *,
        price: str | Sequence[str] | None = None,
        plan: str | None = None,
        interval: str | None = None,
        currency: str | None = None,
        quantity: int | None = None,
        mode: Mode = "subscription",
        success_url: str | None = None,
        cancel_url: str | None = None,
        trial_days: int | None = None,
        promotion_code: str | None = None,
        allow_promotion_codes: bool | None = None,
        locale: str | None = None,
        metadata: Mapping[str, str] | None = None,
        kind: str | None = None,
        email: str | None = None,
        name: str | None = None,
        actor: str | None = None,
    ) -> CheckoutSession:
        """Open a page of Stripe's on which the entity pays; send its customer to `.url`.

        What is sold is a price (or several) by name, or a plan: then the one price that fits `interval` and `currency`
        and the metered prices that go with it. Seats are the members, usage has no quantity. A trial is the price's own
        unless `trial_days` says otherwise, and given once per entity and group of plans. Who asks again for the same
        gets the same page; another page for the same group closes the one before. With `kind`, an entity without a
        customer is given one. https://docs.stripe.com/payments/checkout

        Raises AlreadySubscribed if the entity has a subscription in the group, WrongAudience, WrongCurrency,
        AmbiguousPrice, UnknownName, SeatsOutOfRange, InvalidInput, NoCustomer and NotAllowed.
        """
        self.authorize(actor, entity_id, "create")
        wanted = Wanted(price, plan, interval, currency, quantity, trial_days, mode)
        look = Look(success_url, cancel_url, promotion_code, allow_promotion_codes, locale, _inputs.metadata(metadata))
        offer = None if mode == "setup" else self._offer(entity_id, wanted, kind)
        page = look.page(self._context, entity_id, wanted, offer)
        self._have_customer(entity_id, kind, email, name)
        return self._opened(page, email, name)

    def subscribe(  # noqa: PLR0913 - what a subscription can be about
        self,
        entity_id: str,
        *,
        price: str | Sequence[str] | None = None,
        plan: str | None = None,
        interval: str | None = None,
        currency: str | None = None,
        quantity: int | None = None,
        trial_days: int | None = None,
        promotion_code: str | None = None,
        payment_behavior: PaymentBehavior = "default_incomplete",
        billing_threshold: int | None = None,
        actor: str | None = None,
    ) -> Subscription:
        """Subscribe the entity by API; if it has such a subscription already, that one is returned unchanged.

        A first payment that is due is confirmed in the application's own page with `.client_secret`; until then the
        subscription is incomplete. `billing_threshold` (minor units) bills usage as soon as it comes to so much, and
        goes with no trial. What is sold, and what is raised, is as for `checkout`.
        https://docs.stripe.com/billing/subscriptions/build-subscriptions
        """
        self.authorize(actor, entity_id, "create")
        customer = self.customers.require(entity_id)
        offer = self._offer(entity_id, Wanted(price, plan, interval, currency, quantity, trial_days), None)
        code = promotion_code_id(self._context, promotion_code)
        order = Order(entity_id, customer.id, offer, payment_behavior, code, billing_threshold)
        return self._subscribing().subscribe(self.customers, order)

    def portal(  # noqa: PLR0913 - what a visit can be about
        self,
        entity_id: str,
        *,
        return_url: str | None = None,
        configuration: str | None = None,
        flow: Flow | None = None,
        subscription_id: str | None = None,
        price: str | None = None,
        quantity: int | None = None,
        locale: str | None = None,
        kind: str | None = None,
        email: str | None = None,
        name: str | None = None,
        actor: str | None = None,
    ) -> PortalSession:
        """Open the customer portal with the stack's configuration; send the customer to `.url`.

        A `flow` leads to one thing only, such as payment_method_update or subscription_cancel, and back. With `kind`,
        an entity without a customer is given one. https://docs.stripe.com/customer-management/portal-deep-links

        Raises NoCustomer, NoSubscription, NotAllowed (the portal changes and cancels), UnknownName and InvalidInput.
        """
        self.authorize(actor, entity_id, "update")
        self.authorize(actor, entity_id, "delete")
        visit = Visit(entity_id, return_url, configuration, flow, subscription_id, price, quantity, locale)
        self._have_customer(entity_id, kind, email, name)
        return self.customers.at_stripe(
            entity_id, lambda customer: open_portal(self._context, customer, visit), email=email, name=name
        )

    def setup_intent(self, entity_id: str, *, actor: str | None = None) -> SetupIntent:
        """Begin to save a way to pay in the application's own page, with `.client_secret`.

        https://docs.stripe.com/payments/save-and-reuse
        """
        self.authorize(actor, entity_id, "update")
        self.customers.require(entity_id)
        return self.customers.at_stripe(entity_id, lambda customer: begin_setup(self._context, entity_id, customer))

    def _subscribing(self) -> Subscribing:
        trials = Trials(self._context)
        return Subscribing(self._context, trials, Checkouts(self._context, trials))

    def _offer(self, entity_id: str, wanted: Wanted, kind: str | None, *, seats: int | None = None) -> Offer:
        """What is sold to it: an entity that is known is what it is known to be."""
        sort = self.customers.kind(entity_id) or _inputs.kind(kind or "user")
        counted = self.seats.count(entity_id) if wanted.mode == "subscription" else None
        members = seats if counted is None else counted
        return offer_of(self._context.manifest, wanted, kind=sort, members=members)

    def _have_customer(self, entity_id: str, kind: str | None, email: str | None, name: str | None) -> None:
        if kind is not None:
            self.customers.ensure(entity_id, kind=kind, email=email, name=name)
        self.customers.require(entity_id)

    def _opened(self, page: Page, email: str | None, name: str | None) -> CheckoutSession:
        checkouts = Checkouts(self._context, Trials(self._context))
        with self._context.locks.of(page.entity_id):
            return self.customers.at_stripe(
                page.entity_id,
                lambda customer: checkouts.open(replace(page, customer_id=customer)),
                email=email,
                name=name,
            )
