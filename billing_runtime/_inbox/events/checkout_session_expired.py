"""`checkout.session.expired`: https://docs.stripe.com/api/events/types#event_types-checkout.session.expired"""

from billing_runtime._inbox.facts.checkout_session import CHECKOUT_SESSION
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "checkout.session.expired",
        why="nobody filled the page in: another one may be opened",
        refresh=False,
        fact=CHECKOUT_SESSION,
    ),
)
