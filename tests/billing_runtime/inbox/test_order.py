"""Events in any order, any number of times, with work at any moment: the end is always what Stripe says."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.billing_runtime.inbox.conftest import about, event

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from billing_runtime._inbox.intake import Receipt

Json = dict[str, Any]
CHANGES = ("created", "quantity", "cancel at period end", "go on", "another card", "end", "a second one")
WORK = "work"
entities = count()

#: What happens at Stripe, and how its events arrive: each number names one of them, as often as Stripe likes.
happenings = st.lists(st.sampled_from(CHANGES), min_size=1, max_size=5)
arrivals = st.lists(st.integers(0, 9) | st.just(WORK), max_size=12)


class Shop:
    """A customer at Stripe, to whom things happen; every change makes an event."""

    def __init__(self, client: stripe.StripeClient, customer: str, price: str) -> None:
        self.client, self.customer, self.price = client, customer, price
        self.subscription = self._subscribe()
        self.events = [self._event("created")]

    def happen(self, change: str) -> None:
        """Change something, if Stripe lets us."""
        update: Json = {
            "quantity": {"items": [{"id": self._item(), "quantity": len(self.events) + 1}]},
            "cancel at period end": {"cancel_at_period_end": True},
            "go on": {"cancel_at_period_end": False},
        }
        if self._over() or change == "created":
            return
        if change == "another card":
            self._card()
        elif change == "a second one":
            self._subscribe()
        elif change == "end":
            self.client.v1.subscriptions.cancel(self.subscription)
        else:
            self.client.v1.subscriptions.update(self.subscription, update[change])
        self.events.append(self._event("deleted" if change == "end" else "updated"))

    def _subscribe(self) -> str:
        wanted: Any = {"customer": self.customer, "items": [{"price": self.price}], "trial_period_days": 14}
        return self.client.v1.subscriptions.create(wanted).id

    def _card(self) -> None:
        card = self.client.v1.payment_methods.attach("pm_card_visa", {"customer": self.customer})
        self.client.v1.customers.update(self.customer, {"invoice_settings": {"default_payment_method": card.id}})

    def _over(self) -> bool:
        return self.client.v1.subscriptions.retrieve(self.subscription).status == "canceled"

    def _item(self) -> str:
        return str(self.client.v1.subscriptions.retrieve(self.subscription)["items"]["data"][0]["id"])

    def _event(self, name: str) -> Json:
        return event(f"customer.subscription.{name}", about(self.subscription, self.customer))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings, arrivals, st.randoms(use_true_random=False))
def test_any_order_and_repetition_ends_the_same(
    billing: Billing,
    provisioned: Json,
    stripe_client: stripe.StripeClient,
    deliver: Callable[[Json], Receipt],
    worked: Callable[[], int],
    changes: list[str],
    order: list[int | str],
    random: Any,
) -> None:
    """Late, doubled, reversed, with work in between: once everything has arrived the cache must be what Stripe has."""
    entity = f"org_{next(entities)}"
    customer = billing.customers.ensure(entity, kind="organization").id
    shop = Shop(stripe_client, customer, provisioned["prices"]["team.monthly"]["id"])
    left = iter(changes)
    for step in order:
        shop.happen(next(left, "created"))
        if step == WORK:
            worked()
        else:
            deliver(shop.events[int(step) % len(shop.events)])
    for change in left:
        shop.happen(change)
    late = shop.events * 2
    random.shuffle(late)
    for body in late:
        deliver(body)
    worked()
    cache = billing._context.cache
    truth = {one["id"]: one for one in cache.fetching.of_customer(customer)}
    held = {one.id: {name: one.body[name] for name in truth[one.id]} for one in cache.of(entity)}
    assert held == truth
    assert billing.inbox.lag().waiting == 0
