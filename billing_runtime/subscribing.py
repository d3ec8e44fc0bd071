"""Subscribing an entity by API, once per group of plans (https://docs.stripe.com/api/subscriptions/create)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from billing_runtime import _inputs
from billing_runtime._after import refreshed
from billing_runtime._creation import Making
from billing_runtime._groups import MARK, taking_place
from billing_runtime._successors import with_successors
from billing_runtime.customers import ENTITY, STACK
from billing_runtime.errors import AlreadySubscribed, InvalidInput, StripeRefused
from billing_runtime.subscription import is_over, read_subscription

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripe.params import SubscriptionCreateParams

    from billing_runtime._context import Context
    from billing_runtime._creation import Made
    from billing_runtime._offer import Offer
    from billing_runtime.checkout.checkouts import Checkouts
    from billing_runtime.checkout.trials import Trials
    from billing_runtime.customers import Customers
    from billing_runtime.subscription import Subscription

Json = dict[str, Any]
PaymentBehavior = Literal["default_incomplete", "allow_incomplete", "error_if_incomplete"]
BEHAVIORS: tuple[PaymentBehavior, ...] = ("default_incomplete", "allow_incomplete", "error_if_incomplete")

# What a page needs to confirm the first payment, or to save a card for later.
_SECRETS = ("latest_invoice.confirmation_secret", "pending_setup_intent")


@dataclass(frozen=True, slots=True)
class Order:
    """One subscription that is asked for."""

    entity_id: str
    customer_id: str
    offer: Offer
    payment_behavior: PaymentBehavior = "default_incomplete"
    promotion_code: str | None = None
    billing_threshold: int | None = None

    def __post_init__(self) -> None:
        if self.payment_behavior not in BEHAVIORS:
            message = f"payment_behavior must be one of {', '.join(BEHAVIORS)}."
            raise InvalidInput(message)
        if self.billing_threshold is not None and _inputs.whole("billing_threshold", self.billing_threshold) < 1:
            message = "billing_threshold must be at least 1, in minor units."
            raise InvalidInput(message)

    def request(self, owner: str, trial_days: int | None) -> Json:
        """The parameters."""
        if trial_days and self.billing_threshold is not None:
            message = "billing_threshold goes with no trial: pass trial_days=0."
            raise InvalidInput(message)
        marks = {ENTITY: self.entity_id, STACK: owner} | ({MARK: self.offer.group} if self.offer.group else {})
        optional = {
            "currency": self.offer.currency,
            "trial_period_days": trial_days,
            "discounts": [{"promotion_code": self.promotion_code}] if self.promotion_code else None,
            "billing_thresholds": {"amount_gte": self.billing_threshold} if self.billing_threshold else None,
        }
        return {
            "customer": self.customer_id,
            "items": [line.sent() for line in self.offer.lines],
            "metadata": marks,
            "payment_behavior": self.payment_behavior,
            "expand": list(_SECRETS),
        } | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Makes subscriptions."""

    context: Context
    trials: Trials
    checkouts: Checkouts

    def subscribe(self, customers: Customers, order: Order) -> Subscription:
        """The subscription there is on these prices, or a new one; refused if another one takes its place."""
        with self.context.locks.of(order.entity_id):
            made = customers.at_stripe(
                order.entity_id, lambda customer: self._subscribed(replace(order, customer_id=customer))
            )
            if order.offer.group is not None:
                self.checkouts.close(order.entity_id, f"checkout:subscription:{order.offer.place}")
            return made

    def _subscribed(self, order: Order) -> Subscription:
        found = [one.body for one in self.context.cache.refresh(order.customer_id)]
        running = [body for body in found if not is_over(body["status"])]
        same = next((body for body in running if self._is_on(body, order)), None)
        if same is not None:
            return self._read_again(same["id"]) if same["status"] == "incomplete" else self._read(same)
        self._refuse_second(order, found)
        made = self._made(order, self._trial(order, found))
        refreshed(self.context, order.customer_id)
        return made

    def _refuse_second(self, order: Order, found: Sequence[Json]) -> None:
        group = order.offer.group
        taken = taking_place(self.context.manifest, found, group) if group else []
        if taken:
            raise AlreadySubscribed(order.entity_id, taken[0]["id"], str(group))

    def _trial(self, order: Order, found: Sequence[Json]) -> int | None:
        group = order.offer.group
        if group is not None and self.trials.used(order.entity_id, group, found):
            return None
        return order.offer.trial_days

    def _made(self, order: Order, trial_days: int | None) -> Subscription:
        making = Making(f"subscription:{order.offer.place}", self._post, lambda _: self._find_lost(order))
        prices = [line.price for line in order.offer.lines]
        request = order.request(self.context.manifest.owner, trial_days)
        while True:
            made = with_successors(
                self.context.api,
                prices,
                "items",
                request,
                lambda wanted: self.context.creations.make(order.entity_id, making, wanted),
            )
            subscription = self._current(made)
            if subscription is not None and (made.fresh or not subscription.over):
                return self._of_this_order(subscription, order)
            # The subscription of this claim has ended since: this is a new one, not a repetition.
            self.context.creations.forget(order.entity_id, making, made.claim)

    def _of_this_order(self, made: Subscription, order: Order) -> Subscription:
        """Somebody else's claim of the same group may be about other prices."""
        if all(made.has_price(line.price.key) for line in order.offer.lines):
            return made
        raise AlreadySubscribed(order.entity_id, made.id, order.offer.place)

    def _find_lost(self, order: Order) -> Json | None:
        """The subscription a lost answer was about."""
        found = (one.body for one in self.context.cache.refresh(order.customer_id))
        return next((one for one in found if not is_over(one["status"]) and self._is_on(one, order)), None)

    def _current(self, made: Made) -> Subscription | None:
        """The subscription as it is; one made before this call is read again, for it may have ended."""
        if made.fresh and made.body is not None:
            return self._read(made.body)
        try:
            return self._read_again(made.id)
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None
            raise

    def _is_on(self, body: Json, order: Order) -> bool:
        one = self._read(body)
        return all(one.has_price(line.price.key) for line in order.offer.lines)

    def _read(self, body: Json) -> Subscription:
        items = body["items"]
        listed = items if isinstance(items, list) else items["data"]
        return read_subscription(self.context.manifest, body, listed, self.context.limits.prefixes)

    def _read_again(self, subscription_id: str) -> Subscription:
        body = self.context.api.read(
            "read a subscription",
            lambda client: client.v1.subscriptions.retrieve(subscription_id, {"expand": list(_SECRETS)}),
        )
        return self._read(body)

    def _post(self, request: Json, key: str) -> Json:
        return self.context.api.write(
            "create a subscription",
            key,
            lambda client, options: client.v1.subscriptions.create(cast("SubscriptionCreateParams", request), options),
        )
