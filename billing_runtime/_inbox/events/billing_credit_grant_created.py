"""`billing.credit_grant.created`: https://docs.stripe.com/api/events/types#event_types-billing.credit_grant.created"""

from billing_runtime._inbox.facts.credit_grant import CREDIT_GRANT
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "billing.credit_grant.created",
        why="the customer has money to spend on usage, perhaps given at the dashboard",
        refresh=False,
        fact=CREDIT_GRANT,
    ),
)
