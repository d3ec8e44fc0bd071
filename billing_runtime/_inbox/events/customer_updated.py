"""`customer.updated`: https://docs.stripe.com/api/events/types#event_types-customer.updated"""

from billing_runtime._inbox.facts.customer import CUSTOMER
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.updated",
        why="the default payment method or the balance changed",
        fact=CUSTOMER,
    ),
)
