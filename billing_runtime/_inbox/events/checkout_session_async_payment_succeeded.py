"""`checkout.session.async_payment_succeeded`: https://docs.stripe.com/api/events/types#event_types-checkout.session.async_payment_succeeded"""

from billing_runtime._inbox.facts.checkout_session import CHECKOUT_SESSION
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "checkout.session.async_payment_succeeded",
        why="a debit that took days came in: what was ordered is paid only now",
        fact=CHECKOUT_SESSION,
    ),
)
