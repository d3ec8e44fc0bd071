"""`checkout.session.async_payment_failed`: https://docs.stripe.com/api/events/types#event_types-checkout.session.async_payment_failed"""

from billing_runtime._inbox.facts.checkout_session import CHECKOUT_SESSION
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "checkout.session.async_payment_failed",
        why="a debit that took days failed: what was ordered is not paid after all",
        fact=CHECKOUT_SESSION,
    ),
)
