"""Changing what an entity has: another plan now or at the end of the period, cancelling, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from billing_runtime._after import refreshed
from billing_runtime._change import changed_items, direction
from billing_runtime._chosen import Chosen, running_subscription
from billing_runtime._offer import Wanted
from billing_runtime._schedules import release, schedule_change
from billing_runtime._successors import with_successors
from billing_runtime.clock import from_unix
from billing_runtime.errors import NoSubscription
from billing_runtime.plan_changes import ChangePayment, PlanChanges, Proration, When, checked_when
from billing_runtime.selling import Selling

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from stripe.params import SubscriptionUpdateParams

    from billing_runtime._change import Direction
    from billing_runtime._context import Context
    from billing_runtime._offer import Offer
    from billing_runtime.held import HeldSubscription
    from billing_runtime.holdings import Holdings
    from billing_runtime.usage import Usage

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a change came to. `effective_at` is None if it holds already; without `changed` it held before."""

    subscription_id: str
    direction: Direction
    when: When
    changed: bool
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes subscriptions; every call can be repeated, and says so if there was nothing to do."""

    context: Context

    def change_plan(self, customer_id: str, chosen: Chosen, offer: Offer, how: PlanChanges) -> PlanChange:
        """Put the subscription on what the offer sells."""
        body = running_subscription(self.context, chosen, customer_id)
        way = direction(self.context.manifest, body, offer)
        when = how.down if way == "down" else how.up
        if way == "same":
            # Whoever asks for what it has, has changed its mind about what was to come.
            self._release(body)
            self._refreshed(body)
            return PlanChange(body["id"], way, "now", changed=bool(body.get("schedule")))
        if when == "period_end":
            end = schedule_change(self.context, body, offer)
            self._refreshed(body)
            return PlanChange(body["id"], way, when, changed=True, effective_at=from_unix(end))
        self._release(body)
        self._change_now(body, offer, how)
        self._refreshed(body)
        return PlanChange(body["id"], way, when, changed=True)

    def cancel(self, customer_id: str, chosen: Chosen, when: When) -> None:
        """End it now, billing the usage there was, or at the end of the period that is paid for."""
        checked_when("when", when)
        body = running_subscription(self.context, chosen, customer_id)
        self._release(body)
        if when == "now":
            self._write(
                "cancel a subscription",
                lambda client, options: client.v1.subscriptions.cancel(body["id"], {"invoice_now": True}, options),
            )
        elif not body["cancel_at_period_end"]:
            self._update("cancel a subscription", body, {"cancel_at_period_end": True})
        self._refreshed(body)

    def restore(self, customer_id: str, chosen: Chosen) -> None:
        """Take back an end, or a smaller plan, that was to come; nothing happens if there is none."""
        body = running_subscription(self.context, chosen, customer_id)
        self._release(body)
        if body["cancel_at_period_end"]:
            self._update("keep a subscription", body, {"cancel_at_period_end": False})
        elif body["cancel_at"] is not None:
            self._update("keep a subscription", body, {"cancel_at": ""})
        self._refreshed(body)

    def resume(self, customer_id: str, chosen: Chosen) -> None:
        """Take up a paused subscription, or collect its payments again; raises NoSubscription if it is neither."""
        body = running_subscription(self.context, chosen, customer_id)
        if body["status"] == "paused":
            self._write(
                "resume a subscription", lambda client, options: client.v1.subscriptions.resume(body["id"], {}, options)
            )
        elif body["pause_collection"] is not None:
            self._update("resume a subscription", body, {"pause_collection": ""})
        else:
            raise NoSubscription.of(chosen.entity_id, "that is paused")
        self._refreshed(body)

    def _change_now(self, body: Json, offer: Offer, how: PlanChanges) -> None:
        items = changed_items(self.context.manifest, body, offer)
        by_id = {line.price.id: line.price for line in offer.lines}
        prices = [by_id[item["price"]] for item in items if "price" in item]
        request: Json = {
            "items": items,
            "proration_behavior": how.proration,
            "payment_behavior": how.payment_behavior,
        }
        with_successors(
            self.context.api, prices, "items", request, lambda asked: self._update("change a plan", body, asked)
        )

    def _release(self, body: Json) -> None:
        if body.get("schedule"):
            release(self.context, body["schedule"])

    def _update(self, doing: str, body: Json, request: Json) -> None:
        params = cast("SubscriptionUpdateParams", request)
        self._write(doing, lambda client, options: client.v1.subscriptions.update(body["id"], params, options))

    def _write(self, doing: str, request: Any) -> None:
        # A random key: to set something twice is to set it once, and tomorrow the same may be right again.
        self.context.api.write(doing, f"billing-{uuid4().hex}", request)

    def _refreshed(self, body: Json) -> None:
        refreshed(self.context, body["customer"])


class Changing(Selling):
    """The calls of `Billing` that change what an entity has."""

    _holdings: Holdings
    usage: Usage

    def change_plan(  # noqa: PLR0913 - what a change can be about
        self,
        entity_id: str,
        *,
        price: str | Sequence[str] | None = None,
        plan: str | None = None,
        interval: str | None = None,
        currency: str | None = None,
        quantity: int | None = None,
        when: When | None = None,
        proration: Proration | None = None,
        payment_behavior: ChangePayment | None = None,
        subscription_id: str | None = None,
        actor: str | None = None,
    ) -> PlanChange:
        """Put the entity's subscription on another plan or price: more begins now, less at the end of the period.

        `when` ("now", "period_end") and the other words say otherwise than the settings. Seats stay as many as they are
        unless `quantity` says so. A change that was planned before is replaced; asking for what the entity has takes it
        back. A card that is declined refuses an upgrade and leaves everything as it was.

        Raises NoSubscription, StripeRefused (the card was declined), and what `checkout` raises about prices.
        """
        self.authorize(actor, entity_id, "update")
        customer = self.customers.require(entity_id).id
        wanted = Wanted(price, plan, interval, currency, quantity, 0)
        offer = self._offer(entity_id, wanted, None, seats=self._seats_now(entity_id))
        how = self._how(when, proration, payment_behavior)
        self.usage.flush(entity_id)  # what was used so far belongs to what is changed
        with self._context.locks.of(entity_id):
            return Changes(self._context).change_plan(
                customer, Chosen(entity_id, subscription_id, offer.group), offer, how
            )

    def cancel(
        self,
        entity_id: str,
        *,
        when: When = "period_end",
        subscription_id: str | None = None,
        actor: str | None = None,
    ) -> HeldSubscription:
        """End the entity's subscription at the end of the period, or now; usage until then is billed."""
        self.authorize(actor, entity_id, "delete")
        if checked_when("when", when) == "now":
            self.usage.flush(entity_id)
        with self._context.locks.of(entity_id):
            Changes(self._context).cancel(self._customer(entity_id), Chosen(entity_id, subscription_id), when)
        return self._holdings.of(entity_id)

    def restore(
        self, entity_id: str, *, subscription_id: str | None = None, actor: str | None = None
    ) -> HeldSubscription:
        """Take back a cancellation, or a change of plan, that was to come at the end of the period."""
        self.authorize(actor, entity_id, "update")
        with self._context.locks.of(entity_id):
            Changes(self._context).restore(self._customer(entity_id), Chosen(entity_id, subscription_id))
        return self._holdings.of(entity_id)

    def resume(
        self, entity_id: str, *, subscription_id: str | None = None, actor: str | None = None
    ) -> HeldSubscription:
        """Take up a paused subscription."""
        self.authorize(actor, entity_id, "update")
        with self._context.locks.of(entity_id):
            Changes(self._context).resume(self._customer(entity_id), Chosen(entity_id, subscription_id))
        return self._holdings.of(entity_id)

    def _seats_now(self, entity_id: str) -> int | None:
        """How many seats the entity pays for, as the cache has it."""
        items = [item for one in self._holdings.all(entity_id) if not one.over for item in one.items]
        return next((item.quantity for item in items if item.terms and item.terms.type == "per_seat"), None)

    def _customer(self, entity_id: str) -> str:
        return self.customers.require(entity_id).id

    def _how(
        self, when: When | None, proration: Proration | None, payment_behavior: ChangePayment | None
    ) -> PlanChanges:
        usual = self._context.checkout.plan_changes
        return PlanChanges(
            up=when or usual.up,
            down=when or usual.down,
            proration=proration or usual.proration,
            payment_behavior=payment_behavior or usual.payment_behavior,
        )
