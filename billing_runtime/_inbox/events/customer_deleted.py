"""`customer.deleted`: https://docs.stripe.com/api/events/types#event_types-customer.deleted"""

from billing_runtime._inbox.facts.customer import CUSTOMER
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.deleted",
        why="the customer is gone for good, and with it every subscription: the next ensure makes another",
        fact=CUSTOMER,
    ),
)
