"""`checkout.session.completed`: https://docs.stripe.com/api/events/types#event_types-checkout.session.completed"""

from billing_runtime._inbox.facts.checkout_session import CHECKOUT_SESSION
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "checkout.session.completed",
        why="the page was filled in: a subscription is there, or a payment that may still be on its way",
        fact=CHECKOUT_SESSION,
    ),
)
